package io.patina.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Generated;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures made by the real tools. */
class DetachedSignatureTest {

  private static final byte[] CONTENT =
      "what was signed\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory = Path.of("");

  @Test
  void aSignatureOfMinisignVerifies() throws Exception {
    String signature = minisign();
    PublicKey key = DetachedSignature.parse(signature).verify(content(), roots());
    assertEquals("release.pub", roots().trusted().getFirst().name());
    assertEquals(roots().keys().getFirst(), key);

    refused("does not fit", signature, "other".getBytes(StandardCharsets.UTF_8));
    refused(
        "trusted comment is not",
        signature.replace("trusted comment: made", "trusted comment: Made"),
        CONTENT);
    refused("truncated", signature.lines().limit(3).reduce("", (a, b) -> a + b + "\n"), CONTENT);
    damaged(signature);
    terms();
    refused("the key release.pub is revoked since 2026-01-01T00:00:00Z: lost", signature, CONTENT);
    Files.delete(directory.resolve(TrustRoots.TERMS));
    Files.writeString(
        directory.resolve("release.pub"),
        SigningKey.ofSeed(ByteString.copyFrom(new byte[32])).publicKey().pem());
    refused("no signature is by a key that is trusted here", signature, CONTENT);
  }

  @Test
  void anOldSignatureOfMinisignIsRefusedInItsOwnWords() throws Exception {
    minisign();
    run("minisign", "-Slm", "file", "-s", "secret", "-x", "old");
    refused("in the old form", Files.readString(directory.resolve("old")), CONTENT);
  }

  @Test
  void aSignatureOfSshKeygenVerifies() throws Exception {
    String signature = ssh("patina", "ed25519");
    PublicKey key = DetachedSignature.parse(signature).verify(content(), roots());
    assertEquals(roots().keys().getFirst(), key);
    refused("does not fit", signature, "other".getBytes(StandardCharsets.UTF_8));
    refused("truncated", signature.substring(0, signature.length() / 2), CONTENT);
    damaged(signature);
    terms();
    refused("the key release.pub is revoked since", signature, CONTENT);
    Files.delete(directory.resolve(TrustRoots.TERMS));
    Files.delete(directory.resolve("release.pub"));
    refused("no signature is by a key that is trusted here", signature, CONTENT);
  }

  @Test
  void anSshSignatureForAnotherPurposeOrByAnotherKindOfKeyIsRefused() throws Exception {
    refused("made for another purpose; sign with -n patina", ssh("git", "ed25519"), CONTENT);
    Files.delete(directory.resolve("release.pub"));
    Files.delete(directory.resolve("release"));
    String ecdsa = ssh("patina", "ecdsa");
    String said =
        String.valueOf(
            assertThrows(UntrustedException.class, () -> DetachedSignature.parse(ecdsa))
                .getMessage());
    assertTrue(said.contains("another kind than ssh-ed25519"), said);
    assertThrows(InvalidKeyException.class, this::roots);
  }

  @Test
  void otherTextIsNoSignature() {
    for (String text :
        List.of("", "hello", "untrusted comment: x", "-----BEGIN SSH SIGNATURE-----\nAA")) {
      assertThrows(UntrustedException.class, () -> DetachedSignature.parse(text), text);
    }
  }

  /** No byte of a signature may be another, comments that nothing covers apart. */
  private void damaged(String signature) throws Exception {
    TrustRoots roots = roots();
    ByteString good = ByteString.copyFromUtf8(signature);
    int accepted = 0;
    for (int seed = 0; seed < 500; seed++) {
      String changed = new Generated(seed).damaged(good).toStringUtf8();
      try {
        DetachedSignature.parse(changed).verify(content(), roots);
        // Line ends, blanks and the untrusted comment are covered by nothing.
        accepted++;
        assertEquals(covered(signature), covered(changed), "seed " + seed);
      } catch (UntrustedException e) {
        // As it should be.
      }
    }
    assertTrue(accepted < 400, accepted + " accepted");
  }

  private static String covered(String signature) {
    return signature
        .replaceFirst("(?s)^untrusted comment:[^\n]*", "")
        .replaceFirst("(?s)(-----END SSH SIGNATURE-----).*", "$1")
        .lines()
        .filter(l -> !l.isBlank())
        .limit(signature.startsWith("untrusted") ? 3 : 100)
        .reduce("", (a, b) -> a + (b.startsWith("trusted") ? b : b.replaceAll("\\s", "")));
  }

  private void refused(String why, String signature, byte[] content) throws Exception {
    TrustRoots roots = roots();
    String said =
        String.valueOf(
            assertThrows(
                    UntrustedException.class,
                    () ->
                        DetachedSignature.parse(signature)
                            .verify(new ByteArrayInputStream(content), roots))
                .getMessage());
    assertTrue(said.contains(why), said);
  }

  private String minisign() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/minisign")),
        "minisign is not installed, so its signatures are not verified here");
    Files.write(directory.resolve("file"), CONTENT);
    run("minisign", "-G", "-W", "-p", "release.pub", "-s", "secret");
    run("minisign", "-Sm", "file", "-s", "secret", "-t", "made by a test", "-x", "signature");
    return Files.readString(directory.resolve("signature"));
  }

  private String ssh(String namespace, String type) throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/ssh-keygen")),
        "ssh-keygen is not installed, so its signatures are not verified here");
    Files.write(directory.resolve("file"), CONTENT);
    run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", "release");
    Files.deleteIfExists(directory.resolve("file.sig"));
    run("ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", "release", "file");
    return Files.readString(directory.resolve("file.sig"));
  }

  private void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(directory.resolve("said").toFile())
            .start();
    assertEquals(0, process.waitFor(), Files.readString(directory.resolve("said")));
  }

  private void terms() throws IOException {
    Files.writeString(
        directory.resolve(TrustRoots.TERMS),
        "keys: [{file: release.pub, revoked: 2026-01-01T00:00:00Z, reason: lost}]\n");
  }

  private TrustRoots roots() throws IOException, InvalidKeyException {
    return TrustRoots.ofDirectory(directory, Instant.parse("2026-11-25T12:00:00Z"));
  }

  private static ByteArrayInputStream content() {
    return new ByteArrayInputStream(CONTENT);
  }
}
