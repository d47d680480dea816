package io.patina.collector.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.patina.comparison.Expectation;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.signing.Envelope;
import io.patina.signing.PublicKey;
import io.patina.signing.SigningKey;
import io.patina.signing.TrustRoots;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of baseline from their arguments to their output. */
class BaselineCommandTest {
  @TempDir Path directory;

  @Test
  void whatWasSignedIsVerified() throws IOException {
    signed();
    Answer answer = run("verify", "b.json", "--key", "k.pub.pem", "--manifest", "m.ndjson");
    assertEquals(0, answer.exit(), answer.out() + answer.err());
    assertTrue(answer.out().startsWith("verified: web 1"), answer.out());
    JsonNode json =
        new ObjectMapper()
            .readTree(run("verify", "b.json", "--key", "k.pub.pem", "--format", "json").out());
    assertTrue(json.path("verified").asBoolean());
    assertEquals("web", json.path("name").asText());
    assertEquals(64, json.path("manifest").asText().length());
  }

  @Test
  void theSecretKeyIsItsOwnersAloneAndIsNeverOverwritten() throws IOException {
    assertEquals(0, run("keygen", "--output", "k").exit());
    Path secret = directory.resolve("k.key.pem");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    String before = Files.readString(secret);
    Answer again = run("keygen", "--output", "k");
    assertEquals(2, again.exit());
    assertTrue(again.err().contains("it is there already"), again.err());
    assertEquals(before, Files.readString(secret));
  }

  @Test
  void eachWayOfBeingWrongHasItsOwnMessage() throws IOException {
    signed();
    String envelope = Files.readString(directory.resolve("b.json"));
    JsonNode json = new ObjectMapper().readTree(envelope);
    String payload = json.path("payload").asText();

    write(
        "tampered.json",
        envelope.replace(payload, payload.substring(0, 40) + "AAAA" + payload.substring(44)));
    refused("tampered.json", "k.pub.pem", "the signature does not fit the payload");
    write("cut.json", envelope.substring(0, envelope.length() / 2));
    refused("cut.json", "k.pub.pem", "not a DSSE envelope");
    write("unsigned.json", envelope.replaceAll("\"signatures\":\\[.*]", "\"signatures\":[]"));
    refused("unsigned.json", "k.pub.pem", "there is no signature");
    assertEquals(0, run("keygen", "--output", "other").exit());
    refused("b.json", "other.pub.pem", "no signature is by a key that is trusted here");
    SigningKey own = own();
    write("type.json", Envelope.sign("text/plain", ByteString.copyFromUtf8("x"), own).json());
    refused("type.json", "own.pub.pem", "the payload is not of type");
    write("empty.json", Envelope.sign(Envelope.IN_TOTO, ByteString.copyFromUtf8("{}"), own).json());
    refused("empty.json", "own.pub.pem", "not a baseline: not an in-toto statement v1");

    write("other.mtree", "x type=file size=9\n");
    imported("other.mtree", "other.ndjson");
    Answer swapped = run("verify", "b.json", "--key", "k.pub.pem", "--manifest", "other.ndjson");
    assertEquals(1, swapped.exit());
    assertTrue(swapped.out().contains("signed was sha256:"), swapped.out());
  }

  @Test
  void aKeyThatIsNoneIsNamed() throws IOException {
    manifest();
    write("no.pem", "nothing");
    Answer answer =
        run(
            "sign",
            "m.ndjson",
            "--key",
            "no.pem",
            "--name",
            "web",
            "--baseline-version",
            "1",
            "--output",
            "b.json");
    assertEquals(2, answer.exit());
    assertTrue(answer.err().contains("no.pem: not a PEM block"), answer.err());
  }

  @Test
  void anUnknownFormatIsAnsweredWithTheKnownOnes() throws IOException {
    write("x", "");
    Answer in = run("import", "--format", "floppy", "x", "--output", "y");
    assertEquals(2, in.exit());
    assertTrue(in.err().contains("unknown format floppy; these are known:"), in.err());
    assertTrue(in.err().contains("  mtree "), in.err());
    manifest();
    Answer out = run("export", "--format", "floppy", "m.ndjson", "--output", "y");
    assertEquals(2, out.exit());
    assertTrue(out.err().contains("  cyclonedx "), out.err());
  }

  @Test
  void anImportSaysWhatItCannotKnow() throws IOException {
    write("m.mtree", "etc type=dir\n a type=file size=1 colour=red nlink=2\n");
    Answer answer = run("import", "--format", "mtree", "m.mtree", "--output", "m.ndjson", "--json");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode json = new ObjectMapper().readTree(answer.out());
    assertEquals(2, json.path("facts").path("file").asInt());
    assertTrue(json.path("cannotKnow").size() > 1);
    assertTrue(json.path("notes").toString().contains("unknown keyword, colour: 1"));
    write("bad.mtree", "etc type=dir\n b size=-1\n");
    Answer bad = run("import", "--format", "mtree", "bad.mtree", "--output", "n.ndjson");
    assertEquals(2, bad.exit());
    assertTrue(bad.err().contains("bad.mtree cannot be imported: "), bad.err());
    assertTrue(!Files.exists(directory.resolve("n.ndjson")), "a refused import writes nothing");
  }

  @Test
  void aHostIsHeldToWhatAPartialSourceStates() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/etc"));
    Files.writeString(root.resolve("hello"), "hello");
    Files.writeString(root.resolve("more"), "more");
    write(
        "scope.yaml",
        """
        facets: [file]
        include: [/etc/**]
        attributes: [{glob: /**, names: [type, sha256]}]
        """);
    write(
        "i.json",
        """
        {"ignition":{"version":"3.0.0"},
         "storage":{"files":[{"path":"/etc/hello","contents":{"source":"data:,hello"}}]}}
        """);
    Answer imported =
        run(
            "import",
            "--format",
            "ignition",
            "i.json",
            "--scope",
            "scope.yaml",
            "--output",
            "i.ndjson");
    assertEquals(0, imported.exit(), imported.err());
    assertEquals(0, check("--stated-only"));
    assertEquals(1, check());
    Files.writeString(root.resolve("hello"), "other");
    assertEquals(1, check("--stated-only"));
  }

  private int check(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "check",
                "--root",
                directory.resolve("root").toString(),
                "--scope",
                directory.resolve("scope.yaml").toString(),
                "--against",
                directory.resolve("i.ndjson").toString()));
    all.addAll(List.of(more));
    return Patina.commandLine()
        .setOut(new PrintWriter(new StringWriter()))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void aDiffIsOrderedAsOneReadsIt() throws IOException {
    write(
        "a.ndjson",
        ndjson(
            """
        {"facet":"file","key":"/etc/gone","attributes":{"type":"file"}}
        {"facet":"file","key":"/usr/bin/x","attributes":{"mode":"0755","type":"file","~package":"dpkg:x:all"}}
        {"facet":"kernel","key":"sysctl:a","attributes":{"value":"1"}}
        {"facet":"package","key":"dpkg:x:all","attributes":{"versions":"1"}}
        """));
    write(
        "b.ndjson",
        ndjson(
            """
        {"facet":"file","key":"/usr/bin/x","attributes":{"mode":"4755","type":"file","~package":"dpkg:x:all"}}
        {"facet":"kernel","key":"sysctl:a","attributes":{"value":"0"}}
        {"facet":"package","key":"dpkg:x:all","attributes":{"versions":"2"}}
        {"facet":"package","key":"dpkg:y:all","attributes":{"versions":"3"}}
        """));
    Answer answer = run("diff", "a.ndjson", "b.ndjson");
    assertEquals(1, answer.exit());
    assertEquals(
        """
        5 changes: 1 added, 1 removed, 3 changed

        package (2)
          changed  dpkg:x:all  1 -> 2
          added    dpkg:y:all  3

        kernel (1)
          changed  sysctl:a  1 -> 0

        files of package dpkg:x:all (1)
          changed  /usr/bin/x  mode 0755 -> 4755

        files in /etc/ (1)
          removed  /etc/gone
        """,
        answer.out());
    JsonNode json =
        new ObjectMapper().readTree(run("diff", "a.ndjson", "b.ndjson", "--format", "json").out());
    List<String> kinds = new ArrayList<>();
    json.path("changes")
        .forEach(c -> kinds.add(c.path("kind").asText() + " " + c.path("key").asText()));
    assertEquals(
        List.of(
            "removed /etc/gone",
            "changed /usr/bin/x",
            "changed sysctl:a",
            "changed dpkg:x:all",
            "added dpkg:y:all"),
        kinds);
    assertEquals(
        "4755", json.path("changes").get(1).path("attributes").get(0).path("after").asText());
    assertEquals(3, json.path("counts").path("changed").asInt());
    assertEquals(0, run("diff", "a.ndjson", "a.ndjson").exit());
  }

  @Test
  void aHostileNameDoesNothingToATerminal() throws IOException {
    write("a.ndjson", ndjson(""));
    write(
        "b.ndjson",
        ndjson("{\"facet\":\"file\",\"key\":\"/\\u001b[31m\\n\\u202e\",\"attributes\":{}}\n"));
    String text = run("diff", "a.ndjson", "b.ndjson").out();
    assertTrue(text.contains("/\\x1b[31m\\n\\u{202e}"), text);
    String json = run("diff", "a.ndjson", "b.ndjson", "--format", "json").out();
    assertTrue(json.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)), json);
  }

  @Test
  void expectationsAreSignedWithTheBaseline() throws Exception {
    manifest();
    assertEquals(0, run("keygen", "--output", "k").exit());
    write(
        "base.yaml",
        "expectations: [{facet: os, glob: ID, exactly: debian, reason: what it is}]\n");
    write(
        "e.yaml",
        """
        extends: [{file: base.yaml}]
        expectations: [{facet: file, glob: /x, absent: true, reason: gone}]
        """);
    Answer signed = sign("e.yaml");
    assertEquals(0, signed.exit(), signed.err());
    Envelope envelope = Envelope.ofJson(Files.readString(directory.resolve("b.json")));
    PublicKey key = PublicKey.ofPem(Files.readString(directory.resolve("k.pub.pem")));
    GoldenBaseline read = BaselineStatement.verify(envelope, new TrustRoots(List.of(key)));
    assertEquals(
        List.of("gone", "what it is"),
        read.expectations().stream().map(Expectation::reason).toList());
    write("base.yaml", "extends: [{file: e.yaml}]\n");
    Answer circle = sign("e.yaml");
    assertEquals(2, circle.exit());
    assertTrue(circle.err().contains("it extends itself"), circle.err());
  }

  private Answer sign(String expectations) {
    return run(
        "sign",
        "m.ndjson",
        "--key",
        "k.key.pem",
        "--name",
        "web",
        "--baseline-version",
        "1",
        "--expectations",
        expectations,
        "--output",
        "b.json");
  }

  @Test
  void whatMostHostsShareIsPromoted() throws IOException {
    for (int i = 0; i < 20; i++) {
      write(
          "web" + i + ".ndjson",
          ndjson(
              """
              {"facet":"kernel","key":"sysctl:a","attributes":{"value":"%s"}}
              {"facet":"os","key":"ID","attributes":{"value":"debian"}}
              {"facet":"os","key":"MACHINE","attributes":{"value":"%d"}}
              """
                  .formatted(i == 4 ? "0" : "1", i)));
    }
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      arguments.add("web" + i + ".ndjson");
    }
    arguments.addAll(
        List.of("--output", "draft.ndjson", "--expectations", "p.yaml", "--format", "json"));
    Answer answer = run("promote", arguments.toArray(String[]::new));
    assertEquals(0, answer.exit(), answer.err());
    JsonNode json = new ObjectMapper().readTree(answer.out());
    assertEquals("{\"web4\":1}", json.path("outliers").toString());
    assertEquals(1, json.path("proposed").asInt());
    assertEquals(3, json.path("facts").asInt());
    assertEquals(0, run("lint", "p.yaml").exit());
    Answer odd =
        run("promote", "web1.ndjson", "web1.ndjson", "--output", "d", "--expectations", "p");
    assertEquals(2, odd.exit());
    assertTrue(odd.err().contains("two captures are called web1"), odd.err());
  }

  @Test
  void lintReadsExpectationsAndWhatTheyExtend() throws IOException {
    write("base.yaml", "expectations: [{facet: os, glob: ID, exactly: a, reason: b}]\n");
    write("good.yaml", "extends: [{file: base.yaml}]\n");
    assertEquals(0, run("lint", "good.yaml", "base.yaml").exit());
    write("bad.yaml", "expectations:\n  - facet: os\n    globe: ID\n");
    write("lost.yaml", "extends: [{file: nowhere.yaml}]\n");
    Answer answer = run("lint", "good.yaml", "bad.yaml", "lost.yaml");
    assertEquals(1, answer.exit());
    assertTrue(
        answer.out().contains("bad.yaml: line 3, column 5: unknown key \"globe\"; known are facet"),
        answer.out());
    assertTrue(answer.out().contains("lost.yaml: it extends nowhere.yaml, and"), answer.out());
  }

  @Test
  void lintNamesTheLineAndWhatToWrite() throws IOException {
    write("good.yaml", "facets: [os]\n");
    write("bad.yaml", "facets: [os]\ninclude:\n  - etc/**\n");
    Answer answer = run("lint", "good.yaml", "bad.yaml");
    assertEquals(1, answer.exit());
    assertTrue(answer.out().contains("good.yaml: no mistake"), answer.out());
    assertTrue(
        answer.out().contains("bad.yaml: line 3, column 5: a path glob begins with /"),
        answer.out());
    JsonNode json = new ObjectMapper().readTree(run("lint", "bad.yaml", "--format", "json").out());
    assertTrue(json.path("files").get(0).path("mistake").asText().startsWith("line 3"));
    assertEquals(2, run("lint", "missing.yaml").exit());
  }

  private static String ndjson(String lines) {
    return "{\"patina\":\"manifest\",\"form\":1,\"scope\":\"" + "00".repeat(32) + "\"}\n" + lines;
  }

  private void manifest() throws IOException {
    write("m.mtree", "usr type=dir\n x type=file size=1\n");
    imported("m.mtree", "m.ndjson");
  }

  private void imported(String source, String manifest) {
    Answer answer = run("import", "--format", "mtree", source, "--output", manifest);
    assertEquals(0, answer.exit(), answer.err());
  }

  private void signed() throws IOException {
    manifest();
    assertEquals(0, run("keygen", "--output", "k").exit());
    Answer answer =
        run(
            "sign",
            "m.ndjson",
            "--key",
            "k.key.pem",
            "--name",
            "web",
            "--baseline-version",
            "1",
            "--exhaustive",
            "file:/usr/**",
            "--label",
            "pool=web",
            "--author",
            "somebody",
            "--output",
            "b.json");
    assertEquals(0, answer.exit(), answer.err());
  }

  private SigningKey own() throws IOException {
    SigningKey key = SigningKey.generate(new java.security.SecureRandom());
    write("own.pub.pem", key.publicKey().pem());
    return key;
  }

  private void refused(String envelope, String key, String reason) {
    Answer answer = run("verify", envelope, "--key", key);
    assertEquals(1, answer.exit(), answer.out() + answer.err());
    assertTrue(answer.out().contains("refused: "), answer.out());
    assertTrue(answer.out().contains(reason), answer.out());
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  /** Arguments that name files are of the temporary directory. */
  private Answer run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of("baseline", command));
    for (String argument : arguments) {
      boolean file =
          argument.matches(".*\\.(json|pem|ndjson|yaml|mtree)|[kxy]|other")
              && !argument.startsWith("-");
      all.add(file ? directory.resolve(argument).toString() : argument);
    }
    return Answer.to(all);
  }
}
