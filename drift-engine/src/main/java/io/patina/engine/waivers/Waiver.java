package io.patina.engine.waivers;

import io.patina.engine.decisions.Extent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An exception for a time.
 *
 * @param reason why, and {@code ticket} where it is dealt with; the ticket may be empty
 * @param owner who sees to it that the exception ends
 * @param requestedBy who asked for it, as authenticated
 * @param soonAt from here on it expires soon
 */
public record Waiver(
    UUID id,
    Pattern pattern,
    Extent extent,
    String reason,
    String ticket,
    String owner,
    String requestedBy,
    Instant requestedAt,
    Instant expiresAt,
    Instant soonAt,
    Optional<Step> approved,
    Optional<Step> revoked) {

  /** Who took a step, and when. */
  public record Step(String by, Instant at, String why) {}

  /** Where it is in its life. */
  public enum State {
    /** Asked for; changes nothing yet. */
    REQUESTED("requested"),
    IN_FORCE("in-force"),
    /** In force, and not for long. */
    EXPIRING("expiring"),
    EXPIRED("expired"),
    REVOKED("revoked");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }

    /** As the API writes it. */
    public String wireName() {
      return wireName;
    }
  }

  /** Where it is at that moment. */
  public State state(Instant now) {
    if (revoked.isPresent()) {
      return State.REVOKED;
    }
    if (!now.isBefore(expiresAt)) {
      return State.EXPIRED;
    }
    if (approved.isEmpty()) {
      return State.REQUESTED;
    }
    return now.isBefore(soonAt) ? State.IN_FORCE : State.EXPIRING;
  }

  /** Whether what it matches is waived at that moment. */
  public boolean isInForce(Instant now) {
    State state = state(now);
    return state == State.IN_FORCE || state == State.EXPIRING;
  }
}
