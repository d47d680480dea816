package io.patina.wire;

/** Names of the Kafka topics. */
public final class Topics {

  /** What collectors report; keyed by installation id (16 bytes). */
  public static final String REPORTS = "patina.reports.v1";

  /** Signed baseline statements; compacted, keyed by statement digest. */
  public static final String BASELINES = "patina.baselines.v1";

  /** Drift events as CloudEvents; keyed by host id. */
  public static final String DRIFT_EVENTS = "patina.drift-events.v1";

  /** Operator decisions, mirrored. */
  public static final String DECISIONS = "patina.decisions.v1";

  /** What could not be accepted: bytes untouched, the reason in headers. */
  public static final String DEAD_LETTERS = "patina.dead-letters.v1";

  private Topics() {}
}
