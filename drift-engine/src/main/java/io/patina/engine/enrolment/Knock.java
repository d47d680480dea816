package io.patina.engine.enrolment;

import com.google.protobuf.ByteString;
import io.patina.wire.v1.Enrolment;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A report of an installation that nobody knows; its own key has signed it.
 *
 * @param publicKey 32 bytes, a key
 * @param at broker's append time
 * @param introduces whether this report says who it is of: only those show a token
 * @param claimedName what it calls itself, escaped; empty where this report does not say
 * @param enrolment what it shows for itself
 */
public record Knock(
    UUID installation,
    ByteString publicKey,
    Instant at,
    boolean introduces,
    String claimedName,
    Optional<Enrolment> enrolment) {

  /** The id as it is on the wire, 16 bytes. */
  ByteString id() {
    return ByteString.copyFrom(
        ByteBuffer.allocate(16)
            .putLong(installation.getMostSignificantBits())
            .putLong(installation.getLeastSignificantBits())
            .flip());
  }
}
