package io.patina.engine.maintenance;

import io.patina.engine.decisions.Extent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A time in which what happens to hosts is recorded and not told.
 *
 * @param begunBy who, as authenticated
 * @param until it ends by itself then
 * @param ended by hand, before its time
 */
public record Maintenance(
    UUID id,
    Extent extent,
    String reason,
    String ticket,
    String begunBy,
    Instant begunAt,
    Instant until,
    Optional<Ended> ended) {

  /** Who ended it, and when. */
  public record Ended(String by, Instant at) {}

  /** Whether it lasts at that moment. */
  public boolean lasts(Instant now) {
    return ended.isEmpty() && now.isBefore(until);
  }
}
