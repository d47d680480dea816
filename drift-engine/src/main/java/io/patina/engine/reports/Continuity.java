package io.patina.engine.reports;

import com.google.protobuf.ByteString;
import io.patina.engine.state.Contact;
import java.util.Optional;
import java.util.UUID;

/**
 * How a report follows what was heard before. Pure.
 *
 * <p>Within an incarnation numbers are consecutive. A number that was taken before is a duplicate
 * if the report is the same one, which its signature shows (Ed25519 signs equal bytes equally);
 * another report under a number that was taken means that the machine went back in time. An
 * incarnation that a later one replaced must be silent: if it counts on, two machines are alive.
 */
public final class Continuity {

  /** Bytes kept of a signature. */
  static final int PRINT = 8;

  /** Signatures kept: more than a producer with one request in flight can send again. */
  static final int KEPT = 16;

  /** The answers. */
  public sealed interface Answer {
    /** The number after the last. */
    record Next() implements Answer {}

    /** A later number. */
    record Gap(long missing) implements Answer {}

    /** Taken before. */
    record Duplicate() implements Answer {}

    /** Taken before from an incarnation that has been replaced. */
    record Replayed() implements Answer {}

    /** A new start of the collector. */
    record Started(long missing) implements Answer {}

    /** Two machines, or one that went back. */
    record Contradiction(String reason) implements Answer {}
  }

  private Continuity() {}

  /**
   * @param replacedAt last number taken of the report's incarnation, if a later one replaced it
   */
  public static Answer of(Contact contact, Decoded.Accepted report, Optional<Long> replacedAt) {
    Answer answer =
        of(
            contact,
            report.incarnation(),
            report.sequence(),
            report.report().getSignature(),
            replacedAt);
    // Older than the signatures that are kept, and yet made after the last report that was taken: a
    // machine that runs again from an earlier moment. Only where neither clock was ahead of the
    // broker's, for that is all that was kept of such a one.
    boolean rewound =
        answer instanceof Answer.Duplicate
            && contact.reportedAt().isBefore(contact.lastSeen())
            && report.reportedAt().isBefore(report.arrival().at())
            && report.reportedAt().isAfter(contact.reportedAt());
    return rewound
        ? new Answer.Contradiction("it has gone back to an earlier moment and counts from there")
        : answer;
  }

  /** Likewise, by numbers and signatures alone. */
  public static Answer of(
      Contact contact,
      UUID incarnation,
      long sequence,
      ByteString signature,
      Optional<Long> replacedAt) {
    if (!incarnation.equals(contact.incarnation())) {
      if (replacedAt.isEmpty()) {
        return new Answer.Started(sequence - 1);
      }
      return sequence <= replacedAt.get()
          ? new Answer.Replayed()
          : new Answer.Contradiction("an earlier start of its collector is still reporting");
    }
    if (sequence > contact.sequence()) {
      long missing = sequence - contact.sequence() - 1;
      return missing == 0 ? new Answer.Next() : new Answer.Gap(missing);
    }
    long back = contact.sequence() - sequence;
    if (back < contact.recent().size() / PRINT) {
      int at = (int) back * PRINT;
      if (!contact.recent().substring(at, at + PRINT).equals(print(signature))) {
        return new Answer.Contradiction("it has reported two different things under one number");
      }
    }
    return new Answer.Duplicate();
  }

  /** The signatures kept after this one. */
  public static ByteString remember(ByteString recent, ByteString signature) {
    ByteString all = print(signature).concat(recent);
    // Flattened: a rope would keep every signature there ever was.
    return ByteString.copyFrom(all.substring(0, Math.min(all.size(), KEPT * PRINT)).toByteArray());
  }

  /** The signatures kept after a gap: positions count back from the last number. */
  public static ByteString remember(ByteString signature) {
    return print(signature);
  }

  private static ByteString print(ByteString signature) {
    return ByteString.copyFrom(signature.substring(0, PRINT).toByteArray());
  }
}
