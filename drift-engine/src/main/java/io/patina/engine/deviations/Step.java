package io.patina.engine.deviations;

import io.patina.comparison.Difference;
import io.patina.engine.state.Since;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to one deviation. */
public sealed interface Step {

  Deviation deviation();

  Circumstances circumstances();

  /**
   * A difference that was not open.
   *
   * @param factSince since when the fact is as it is, which may be before it was a deviation
   */
  record Opened(Deviation deviation, Since factSince, Circumstances circumstances)
      implements Step {}

  /**
   * Was open without a row of its own and has one from now on; nothing else has changed.
   *
   * @param observedAt when it was first seen
   */
  record Listed(
      Deviation deviation, Instant factSince, Instant observedAt, Circumstances circumstances)
      implements Step {}

  /**
   * Still differs, in another way.
   *
   * @param before the group that it was in; null if it was in none
   */
  record Changed(Deviation deviation, @Nullable UUID before, Circumstances circumstances)
      implements Step {}

  /**
   * Has changed, is volatile, or is volatile no more: its row says so.
   *
   * @param what it is told of it
   * @param actual what differs now; null if nothing does
   */
  record Restless(
      Deviation deviation, Turn what, @Nullable Difference actual, Circumstances circumstances)
      implements Step {

    /** What is told. */
    public enum Turn {
      /** It is volatile from now on. */
      BECAME,
      /** It has changed once more: nothing is told. */
      WENT_ON,
      /** It has stood still, otherwise than expected. */
      CALMED
    }
  }

  /**
   * Differs no more, or nobody looks any more.
   *
   * @param end since when
   */
  record Closed(Deviation deviation, Since end, Cause why, Circumstances circumstances)
      implements Step {}

  /**
   * The cause has become clear.
   *
   * @param before the group that it was in; null if it was in none
   */
  record Explained(Deviation deviation, @Nullable UUID before, Circumstances circumstances)
      implements Step {}
}
