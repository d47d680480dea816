package io.patina.engine.ingest;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until it is moved on. */
final class VirtualClock extends Clock {

  private volatile Instant now;

  VirtualClock(Instant now) {
    this.now = now;
  }

  void to(Instant moment) {
    if (moment.isBefore(now)) {
      throw new IllegalArgumentException("time does not run back");
    }
    now = moment;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
