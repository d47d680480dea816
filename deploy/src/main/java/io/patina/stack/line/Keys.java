package io.patina.stack.line;

import io.patina.signing.InvalidKeyException;
import io.patina.signing.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The secrets of one line, each made once and readable by its owner only. */
final class Keys {
  private Keys() {}

  /**
   * The Ed25519 key that signs this host's as-shipped baseline, and its public half as the engine's
   * only trust root.
   *
   * @param privateKey PKCS#8 PEM
   * @param publicKey X.509 SubjectPublicKeyInfo PEM
   * @throws IOException if the disk refuses, or the private key's file holds something else
   */
  static void signing(Path privateKey, Path publicKey) throws IOException {
    if (Files.exists(privateKey) && Files.exists(publicKey)) {
      return;
    }
    Files.createDirectories(privateKey.getParent());
    Files.createDirectories(publicKey.getParent());
    try {
      SigningKey key = SigningKey.loadOrCreate(privateKey, new SecureRandom());
      secret(publicKey, key.publicKey().pem());
    } catch (InvalidKeyException e) {
      throw new IOException(privateKey + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** The bearer token for writes to the API: 32 random bytes in URL-safe Base64, on one line. */
  static void token(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      secret(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
    }
  }

  private static void secret(Path file, String content) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    Files.createFile(
        partial,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(partial, content);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
