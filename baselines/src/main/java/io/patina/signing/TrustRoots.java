package io.patina.signing;

import io.patina.manifest.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The public keys whose signatures count at a moment.
 *
 * @param trusted the keys; several entries for one key are one that has to satisfy all of them
 * @param revokedIds ids of keys that never count, whether they are among the trusted or not
 * @param at the moment for which it is asked
 */
public record TrustRoots(List<TrustedKey> trusted, List<String> revokedIds, Instant at) {

  /** The file beside the keys that gives them terms and revokes them. */
  public static final String TERMS = "trust.yaml";

  public TrustRoots {
    trusted = List.copyOf(trusted);
    revokedIds = List.copyOf(revokedIds);
  }

  /** Keys without terms. */
  public TrustRoots(List<PublicKey> keys) {
    this(keys.stream().map(k -> TrustedKey.of(k, k.toString())).toList(), List.of(), Instant.EPOCH);
  }

  /**
   * Reads every {@code *.pem} and {@code *.pub} of a directory, and {@link #TERMS} if it is there.
   *
   * @param at the moment for which it is asked
   * @throws InvalidKeyException naming the file that is no key, or what is wrong with the terms
   */
  public static TrustRoots ofDirectory(Path directory, Instant at)
      throws IOException, InvalidKeyException {
    List<TrustedKey> keys = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{pem,pub}")) {
      for (Path file : files) {
        keys.add(ofFile(file));
      }
    }
    Path terms = directory.resolve(TERMS);
    TrustRoots plain = new TrustRoots(keys, List.of(), at);
    return Files.exists(terms) ? TrustTerms.read(terms).applied(plain) : plain;
  }

  /**
   * Reads one key: PEM, minisign's or OpenSSH's public form.
   *
   * @throws InvalidKeyException naming the file
   */
  public static TrustedKey ofFile(Path file) throws IOException, InvalidKeyException {
    try {
      return PublicKeyText.read(Files.readString(file), String.valueOf(file.getFileName()));
    } catch (InvalidKeyException e) {
      throw new InvalidKeyException(file + ": " + e.getMessage(), e);
    }
  }

  /** The same at another moment. */
  public TrustRoots at(Instant moment) {
    return new TrustRoots(trusted, revokedIds, moment);
  }

  /** The keys, whether they count now or not. */
  public List<PublicKey> keys() {
    return trusted.stream().map(TrustedKey::key).toList();
  }

  /** The key of that id, if it is known here; it may still not count. */
  public Optional<PublicKey> find(String keyId) {
    return keys().stream().filter(k -> k.id().equals(keyId)).findFirst();
  }

  /**
   * Refuses a key that does not count now.
   *
   * @throws UntrustedException saying why
   */
  void mustCount(PublicKey key) throws UntrustedException {
    String id = key.id();
    for (TrustedKey entry : trusted) {
      if (entry.key().equals(key)) {
        entry.mustCount(at);
      }
    }
    if (revokedIds.contains(id)) {
      throw new UntrustedException("the key " + id.substring(0, 16) + " is revoked");
    }
  }

  static boolean isId(String text) {
    try {
      return Digest.ofHex(text).hex().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
