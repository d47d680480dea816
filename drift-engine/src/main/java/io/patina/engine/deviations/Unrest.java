package io.patina.engine.deviations;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How restless a fact is that deviates now and then. Pure. All times are the broker's, when reports
 * of the changes reached it: a host's clock may be wrong by any amount, and whether it has been
 * calm is asked by the engine's.
 *
 * @param changes how often it has changed since it was first counted
 * @param first of these changes; null if there was none
 * @param last of them; null if there was none
 * @param volatileSince from when on its changes are counted and not told one by one; null: they are
 *     told
 * @param asExpected it is volatile, and just now as expected
 */
public record Unrest(
    int changes,
    @Nullable Instant first,
    @Nullable Instant last,
    @Nullable Instant volatileSince,
    boolean asExpected) {

  /** It has not changed. */
  public static final Unrest NONE = new Unrest(0, null, null, null, false);

  /**
   * From when on a fact is volatile, and until when.
   *
   * @param changes so many of them
   * @param within this time
   * @param calm when it has stood still for so long, it is volatile no more
   */
  public record Rules(int changes, Duration within, Duration calm) {
    public Rules {
      if (changes < 2) {
        throw new IllegalArgumentException("patina.causes.volatile-changes is at least 2");
      }
    }
  }

  public boolean isVolatile() {
    return volatileSince != null;
  }

  /** After one more change. */
  Unrest changed(Instant at, boolean asExpectedNow, Rules rules) {
    Instant begun = first;
    if (begun == null || (!isVolatile() && at.isAfter(begun.plus(rules.within())))) {
      return new Unrest(1, at, at, null, false);
    }
    Instant since = volatileSince;
    boolean becomes = since == null && changes + 1 >= rules.changes();
    return new Unrest(
        changes + 1,
        begun,
        later(at),
        becomes ? at : since,
        (becomes || since != null) && asExpectedNow);
  }

  /** After it has begun to deviate again: what it becomes is decided by its next change. */
  Unrest reopened(Instant at, Rules rules) {
    Unrest next = changed(at, false, rules);
    return next.isVolatile()
        ? new Unrest(rules.changes() - 1, next.first, next.last, null, false)
        : next;
  }

  private Instant later(Instant at) {
    Instant before = last;
    return before != null && before.isAfter(at) ? before : at;
  }

  /** When it has stood still for long enough; null if it is not volatile. */
  @Nullable Instant calmAt(Rules rules) {
    Instant at = last;
    return volatileSince == null || at == null ? null : at.plus(rules.calm());
  }
}
