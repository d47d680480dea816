package io.patina.signing;

import java.time.Instant;
import java.util.Optional;

/**
 * A key whose signatures count, and when.
 *
 * @param name of the file it came from, for people
 * @param minisignNumber the eight bytes by which minisign's signatures name it, in hexadecimal;
 *     empty for a key in another form
 * @param notBefore from when on it counts; empty for always
 * @param notAfter until when; empty for ever
 * @param revoked why and since when it does not count any more, whatever it signed before
 */
public record TrustedKey(
    PublicKey key,
    String name,
    String minisignNumber,
    Optional<Instant> notBefore,
    Optional<Instant> notAfter,
    Optional<String> revoked) {

  /** A key without a term. */
  public static TrustedKey of(PublicKey key, String name) {
    return new TrustedKey(key, name, "", Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Refuses what it signed if it does not count at that moment.
   *
   * @throws UntrustedException saying since when, or from when on
   */
  void mustCount(Instant at) throws UntrustedException {
    if (revoked.isPresent()) {
      throw new UntrustedException("the key " + name + " is revoked" + revoked.get());
    }
    if (notBefore.filter(at::isBefore).isPresent()) {
      throw new UntrustedException("the key " + name + " counts only from " + notBefore.get());
    }
    if (notAfter.filter(end -> !at.isBefore(end)).isPresent()) {
      throw new UntrustedException("the key " + name + " expired at " + notAfter.get());
    }
  }
}
