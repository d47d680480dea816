package io.patina.collector.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.collector.syscalls.SystemCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands from their arguments to their output, on a small root. */
class CheckCommandTest {
  @TempDir Path directory;

  @BeforeEach
  void tree() throws IOException {
    Files.createDirectories(root().resolve("etc/deep/er"));
    Files.writeString(root().resolve("etc/os-release"), "ID=test\nVERSION_ID=1\n");
    Files.writeString(root().resolve("etc/a file"), "1");
    Files.writeString(root().resolve("etc/deep/er/x"), "2");
    Files.createSymbolicLink(root().resolve("etc/link"), Path.of("nowhere"));
  }

  @Test
  void anUntouchedRootConforms() {
    assertEquals(0, capture().exit());
    Answer answer = check("--format", "text");
    assertEquals(0, answer.exit(), answer.out());
    assertTrue(answer.out().startsWith("This host is as its baseline says."));
  }

  @Test
  void whatChangedIsMissingOrCameIsToldInJson() throws IOException {
    capture();
    Files.writeString(root().resolve("etc/a file"), "changed");
    Files.delete(root().resolve("etc/link"));
    Files.writeString(root().resolve("etc/new"), "n");
    Files.writeString(root().resolve("etc/os-release"), "ID=test\nVERSION_ID=2\n");
    Answer answer = check("--format", "json");
    assertEquals(1, answer.exit());
    JsonNode json = new ObjectMapper().readTree(answer.out());
    assertEquals("drifting", json.path("verdict").asText());
    assertEquals(64, json.path("fingerprint").asText().length());
    assertEquals(64, json.path("driftSignature").asText().length());
    List<String> kinds = new ArrayList<>();
    json.path("deviations")
        .forEach(
            d ->
                kinds.add(
                    d.path("kind").asText()
                        + " "
                        + d.path("facet").asText()
                        + " "
                        + d.path("key").asText()));
    assertEquals(
        List.of(
            "changed file /etc/a file",
            "missing file /etc/link",
            "unexpected file /etc/new",
            "changed file /etc/os-release",
            "changed os VERSION_ID"),
        kinds);
    assertEquals(5, json.path("counts").path("deviations").asInt());
    assertEquals("2", json.path("deviations").get(4).path("actual").path("value").asText());
    assertFalse(json.path("deviations").get(0).has("keyBytes"));
  }

  @Test
  void nothingInTheOutputIsExecutedByATerminal() throws Exception {
    capture();
    Process sh =
        new ProcessBuilder(
                "/bin/sh",
                "-ec",
                "printf x > \"$(printf 'etc/\\377\\033[31m')\"; printf x > \"$(printf"
                    + " 'etc/\\302\\233bell\\007\\177')\"; printf x > \"$(printf 'etc/new\\nline')\"")
            .directory(root().toFile())
            .start();
    assertEquals(0, sh.waitFor());
    for (String format : List.of("text", "json")) {
      Answer answer = check("--format", format, "--all");
      assertEquals(1, answer.exit());
      assertTrue(
          answer.out().chars().allMatch(c -> c == '\n' || c == '\r' || (c >= ' ' && c < 127)),
          answer.out());
    }
    JsonNode deviations =
        new ObjectMapper().readTree(check("--format", "json").out()).path("deviations");
    List<String> raw = new ArrayList<>();
    deviations.forEach(
        d -> {
          if (d.has("keyBytes")) {
            raw.add(
                new String(
                    Base64.getDecoder().decode(d.path("keyBytes").asText()),
                    StandardCharsets.ISO_8859_1));
          }
        });
    assertEquals(List.of("/etc/\u00ff\u001b[31m"), raw);
    assertEquals("/etc/new\nline", deviations.get(0).path("key").asText());
  }

  @Test
  void aWhollyUnownedTreeIsOneLine() throws IOException {
    capture();
    Path added = Files.createDirectories(root().resolve("etc/added/below"));
    for (int i = 0; i < 30; i++) {
      Files.writeString(added.resolve("f" + i), "x");
    }
    Answer answer = check("--format", "text");
    assertTrue(answer.out().contains("/etc/added/ and 31 below it"), answer.out());
    assertFalse(answer.out().contains("f17"));
  }

  @Test
  void twoCapturesOfOneRootAreTheSameManifest() throws IOException {
    Answer first = capture();
    byte[] bytes = Files.readAllBytes(directory.resolve("manifest"));
    Answer second = capture();
    assertEquals(digest(first), digest(second));
    assertEquals(
        List.of(bytes.length), List.of(Files.readAllBytes(directory.resolve("manifest")).length));
  }

  @Test
  void theNdjsonFormIsReadBack() {
    Path ndjson = directory.resolve("m.ndjson");
    assertEquals(
        0,
        run(
                "capture",
                "--root",
                root().toString(),
                "--scope",
                scope(),
                "--output",
                ndjson.toString())
            .exit());
    Answer answer =
        run(
            "check",
            "--root",
            root().toString(),
            "--scope",
            scope(),
            "--against",
            ndjson.toString());
    assertEquals(0, answer.exit(), answer.out());
  }

  @Test
  void whatCannotBeReadIsNamedAndNotHeldAgainstAnOrdinaryUser() throws IOException {
    assumeTrue(new SystemCalls().effectiveUser() != 0, "root can read every file");
    capture();
    Path closed = root().resolve("etc/a file");
    assertTrue(closed.toFile().setReadable(false));
    Answer answer = check("--format", "text");
    assertEquals(0, answer.exit(), answer.out());
    assertTrue(answer.out().contains("Root would also observe 1: /etc/a file"), answer.out());
  }

  @Test
  void expectationsStandBesideTheManifest() throws IOException {
    capture();
    Files.writeString(root().resolve("etc/a file"), "web1\n");
    Files.writeString(root().resolve("etc/os-release"), "ID=test\nVERSION_ID=1.2\n");
    assertEquals(1, check().exit());
    String expectations = directory.resolve("expectations.yaml").toString();
    Files.writeString(
        Path.of(expectations),
        """
        expectations:
          - facet: file
            glob: /etc/a file
            exactly: {content: "${label:host}\\n"}
            reason: each host has its own
          - facet: file
            glob: /etc/os-release
            ignored: [content]
            reason: its fields are compared
          - facet: os
            glob: VERSION_ID
            atLeast: "1.1"
            reason: that or later
          - facet: kernel
            glob: release
            atLeast: "6.1"
            reason: out of scope here, so nothing is asked
        """);
    Answer known = check("--expectations", expectations, "--label", "host=web1");
    assertEquals(0, known.exit(), known.out() + known.err());
    Answer other = check("--expectations", expectations, "--label", "host=web2");
    assertEquals(1, other.exit(), other.out());
    Answer unknown = check("--expectations", expectations, "--format", "json");
    assertEquals(2, unknown.exit(), unknown.out());
    assertTrue(unknown.out().contains("no label host is known"), unknown.out());
    Files.writeString(Path.of(expectations), "expectations: [{facet: os}]\n");
    Answer bad = check("--expectations", expectations);
    assertEquals(2, bad.exit());
    assertTrue(bad.err().contains("expectations.yaml: line 1, column 16: say"), bad.err());
  }

  @Test
  void mistakesAreSentences() throws IOException {
    Answer noRoot = run("check", "--root", "/no/such/root");
    assertEquals(2, noRoot.exit());
    assertTrue(noRoot.err().contains("cannot be opened (ENOENT)"), noRoot.err());
    Path bad = Files.writeString(directory.resolve("bad.yaml"), "includes: []\n");
    Answer badScope = run("check", "--root", root().toString(), "--scope", bad.toString());
    assertEquals(2, badScope.exit());
    assertTrue(badScope.err().contains("line 1"), badScope.err());
    Answer noManifest =
        run("check", "--root", root().toString(), "--against", scope(), "--scope", scope());
    assertEquals(2, noManifest.exit());
    assertTrue(noManifest.err().contains("is not a manifest"), noManifest.err());
  }

  private Path root() {
    return directory.resolve("root");
  }

  private String scope() {
    Path file = directory.resolve("scope.yaml");
    try {
      Files.writeString(
          file,
          """
          name: test
          facets: [file, os]
          include: [/**]
          attributes:
            - glob: /**
              names: [type, mode, uid, gid, size, sha256, target]
          """);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return file.toString();
  }

  private Answer capture() {
    return run(
        "capture",
        "--root",
        root().toString(),
        "--scope",
        scope(),
        "--output",
        directory.resolve("manifest").toString());
  }

  private Answer check(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "check",
                "--root",
                root().toString(),
                "--scope",
                scope(),
                "--against",
                directory.resolve("manifest").toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private static String digest(Answer answer) {
    return answer.out().substring(answer.out().indexOf("sha256:"));
  }

  private static Answer run(String... arguments) {
    return Answer.to(List.of(arguments));
  }
}
