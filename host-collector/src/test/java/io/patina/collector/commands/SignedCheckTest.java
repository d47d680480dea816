package io.patina.collector.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A check compares with nothing that is not what somebody trusted signed; each refusal says why.
 */
class SignedCheckTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @BeforeEach
  void host() throws IOException {
    Path etc = Files.createDirectories(directory.resolve("root/etc"));
    Files.writeString(etc.resolve("hostname"), "web1\n");
    Files.writeString(etc.resolve("motd"), "hello\n");
    Files.createDirectories(directory.resolve("trust"));
    write(
        "scope.yaml",
        """
        facets: [file]
        include: [/etc/**]
        attributes: [{glob: /**, names: [type, mode, size, sha256]}]
        """);
    write(
        "expectations.yaml",
        """
        expectations:
          - facet: file
            glob: /etc/hostname
            exactly: {content: "${label:host}\\n"}
            reason: its own
        """);
    run("capture", "--root", "root", "--scope", "scope.yaml", "--output", "web.zst");
    run("baseline", "keygen", "--output", "k");
    Files.copy(directory.resolve("k.pub.pem"), directory.resolve("trust/k.pub.pem"));
    sign("1", "web-1.json");
  }

  @Test
  void aSignedBaselineIsFollowedWithItsExpectations() throws IOException {
    Answer right = check("web-1.json", "--require-signed", "--label", "host=web1");
    assertEquals(0, right.exit(), right.out() + right.err());
    assertTrue(right.out().contains("against web 1, signed by k.pub.pem"), right.out());
    assertEquals(1, check("web-1.json", "--label", "host=web2").exit());
    // Without a label it is not judged, which is not clean.
    assertEquals(2, check("web-1.json").exit());
    Answer bare = run(arguments("web.zst"));
    assertEquals(0, bare.exit(), bare.out());
    assertTrue(bare.out().contains("against unsigned manifest"), bare.out());
  }

  @Test
  void eachRefusalHasItsOwnMessageWithTheFilesName() throws IOException {
    refused(run(arguments("web.zst", "--require-signed")), "web.zst: it is unsigned");
    Answer shipped = run("check", "--root", "root", "--require-signed");
    refused(shipped, "what the package database says is unsigned");
    refused(run(arguments("web.zst", "--signed", "web-1.json")), "whose signature counts?");

    String good = Files.readString(directory.resolve("web-1.json"));
    JsonNode envelope = JSON.readTree(good);
    String payload = decoded(envelope);
    write(
        "tampered.json", with(envelope, payload.replace("\"version\":\"1\"", "\"version\":\"9\"")));
    refused(check("tampered.json"), "tampered.json: the signature does not fit the payload");
    write("rewritten.json", with(envelope, JSON.readTree(payload).toPrettyString()));
    refused(
        check("rewritten.json"),
        "rewritten.json: the signature does not fit the payload: it looks re-serialised");
    write("truncated.json", good.substring(0, good.length() / 2));
    refused(check("truncated.json"), "truncated.json: not a DSSE envelope");
    write("unsigned.json", good.replaceAll("\"signatures\":\\[.*]", "\"signatures\":[]"));
    refused(check("unsigned.json"), "unsigned.json: there is no signature");

    Files.writeString(directory.resolve("root/etc/motd"), "swapped\n");
    run("capture", "--root", "root", "--scope", "scope.yaml", "--output", "swapped.zst");
    refused(
        run(arguments("swapped.zst", "--signed", "web-1.json", "--key", "trust")),
        "swapped.zst: it is sha256:");

    run("baseline", "keygen", "--output", "other");
    refused(
        run(arguments("web.zst", "--signed", "web-1.json", "--key", "other.pub.pem")),
        "web-1.json: no signature is by a key that is trusted here");
    write("trust/trust.yaml", "keys: [{file: k.pub.pem, notAfter: 2026-01-01T00:00:00Z}]\n");
    refused(check("web-1.json"), "web-1.json: the key k.pub.pem expired at 2026-01-01T00:00:00Z");
    write(
        "trust/trust.yaml",
        "keys: [{file: k.pub.pem, revoked: 2026-01-01T00:00:00Z, reason: it leaked}]\n");
    refused(
        check("web-1.json"),
        "web-1.json: the key k.pub.pem is revoked since 2026-01-01T00:00:00Z: it leaked");
    write("trust/trust.yaml", "keys: [{file: gone.pem, revoked: 2026-01-01T00:00:00Z}]\n");
    refused(check("web-1.json"), "there is no key file gone.pem");
  }

  @Test
  void aReplayedOlderVersionIsFoundOut() throws Exception {
    String old = decoded(JSON.readTree(directory.resolve("web-1.json").toFile()));
    Instant made = Instant.parse(JSON.readTree(old).path("predicate").path("createdAt").asText());
    write(
        "accepted.json",
        "{\"web\":{\"version\":\"2\",\"createdAt\":\"%s\",\"statement\":\"00\"}}"
            .formatted(made.plusSeconds(60)));
    Answer replayed = check("web-1.json", "--remember", "accepted.json");
    refused(replayed, "web-1.json: an older version is replayed: it is web 1 of " + made);
    write("accepted.json", "{}");
    for (int again = 0; again < 2; again++) {
      Answer first = check("web-1.json", "--remember", "accepted.json", "--label", "host=web1");
      assertEquals(0, first.exit(), first.err());
    }
    JsonNode kept = JSON.readTree(directory.resolve("accepted.json").toFile());
    assertEquals("1", kept.path("web").path("version").asText());
    Answer verified =
        run("baseline", "verify", "web-1.json", "--key", "trust", "--remember", "accepted.json");
    assertEquals(0, verified.exit(), verified.out());
    write("accepted.json", "no");
    Answer damaged = check("web-1.json", "--remember", "accepted.json");
    refused(damaged, "accepted.json is damaged");
  }

  @Test
  void signaturesOfMinisignAndSshStandForTheManifest() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/minisign"))
            && Files.isExecutable(Path.of("/usr/bin/ssh-keygen")),
        "minisign or ssh-keygen is not installed, so their signatures are not verified here");
    tool("minisign", "-G", "-W", "-p", "trust/mini.pub", "-s", "mini.key");
    tool("minisign", "-Sm", "web.zst", "-s", "mini.key");
    tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "ssh");
    tool("ssh-keygen", "-q", "-Y", "sign", "-n", "patina", "-f", "ssh", "web.zst");
    Files.copy(directory.resolve("ssh.pub"), directory.resolve("trust/ssh.pub"));
    Answer mini = check("web.zst.minisig", "--require-signed");
    assertEquals(0, mini.exit(), mini.out() + mini.err());
    assertTrue(mini.out().contains("signed by mini.pub"), mini.out());
    Answer ssh = check("web.zst.sig", "--require-signed");
    assertEquals(0, ssh.exit(), ssh.out() + ssh.err());
    assertTrue(ssh.out().contains("signed by ssh.pub"), ssh.out());
    Answer verified =
        run("baseline", "verify", "web.zst.sig", "--key", "trust", "--manifest", "web.zst");
    assertEquals(0, verified.exit(), verified.out() + verified.err());
    byte[] manifest = Files.readAllBytes(directory.resolve("web.zst"));
    manifest[manifest.length - 1] ^= 1;
    Files.write(directory.resolve("web.zst"), manifest);
    refused(check("web.zst.minisig"), "web.zst.minisig: the signature does not fit the payload");
    refused(check("web.zst.sig"), "web.zst.sig: the signature does not fit the payload");
  }

  private static void refused(Answer answer, String why) {
    assertEquals(2, answer.exit(), answer.out());
    assertTrue(answer.err().contains(why), answer.err());
  }

  private void sign(String version, String output) {
    Answer signed =
        run(
            "baseline",
            "sign",
            "web.zst",
            "--key",
            "k.key.pem",
            "--name",
            "web",
            "--baseline-version",
            version,
            "--expectations",
            "expectations.yaml",
            "--exhaustive",
            "file:/**",
            "--output",
            output);
    assertEquals(0, signed.exit(), signed.err());
  }

  private Answer check(String signature, String... more) {
    List<String> all = new ArrayList<>(List.of("--signed", signature, "--key", "trust"));
    all.addAll(List.of(more));
    return run(arguments("web.zst", all.toArray(String[]::new)));
  }

  private static String[] arguments(String manifest, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("check", "--root", "root", "--scope", "scope.yaml", "--against", manifest));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static String decoded(JsonNode envelope) {
    return new String(
        Base64.getDecoder().decode(envelope.path("payload").asText()), StandardCharsets.UTF_8);
  }

  private static String with(JsonNode envelope, String payload) {
    ObjectNode copy = envelope.deepCopy();
    copy.put(
        "payload", Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.UTF_8)));
    return copy.toString();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void tool(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(directory.resolve("said").toFile())
            .start();
    assertEquals(0, process.waitFor(), Files.readString(directory.resolve("said")));
  }

  /** Arguments that name a file here are given as paths. */
  private Answer run(String... arguments) {
    List<String> resolved = new ArrayList<>();
    String before = "";
    for (String a : arguments) {
      boolean isFile =
          List.of(
                  "--root",
                  "--scope",
                  "--output",
                  "--key",
                  "--expectations",
                  "--against",
                  "--signed",
                  "--remember",
                  "--manifest",
                  "sign",
                  "verify")
              .contains(before);
      resolved.add(isFile ? directory.resolve(a).toString() : a);
      before = a;
    }
    return Answer.to(resolved);
  }
}
