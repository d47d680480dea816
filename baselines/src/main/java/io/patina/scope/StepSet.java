package io.patina.scope;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * The steps of a glob as a non-deterministic automaton: bit {@code s} of a state says that step
 * {@code s} may be next, bit {@code steps} that all are done. A walk asks this for every path, so a
 * state is a few machine words and one byte of input costs a few operations on them.
 */
final class StepSet {

  private final int steps;
  private final int words;

  /** Per byte value, the steps that take it; {@code 256 * words}. */
  private final long[] takes;

  /** The steps that may be taken again, or not at all. */
  private final long[] repeated;

  private StepSet(int steps, int words, long[] takes, long[] repeated) {
    this.steps = steps;
    this.words = words;
    this.takes = takes;
    this.repeated = repeated;
  }

  static StepSet of(List<GlobSteps.Step> steps) {
    int words = (steps.size() >>> 6) + 1;
    long[] takes = new long[steps.isEmpty() ? 0 : 256 * words];
    long[] repeated = new long[words];
    for (int s = 0; s < steps.size(); s++) {
      GlobSteps.Step step = steps.get(s);
      int word = s >>> 6;
      long bit = 1L << s;
      step.bytes().stream().forEach(b -> takes[b * words + word] |= bit);
      if (step.repeated()) {
        repeated[word] |= bit;
      }
    }
    return new StepSet(steps.size(), words, takes, repeated);
  }

  /** Where the automaton is after an input. */
  record Reached(boolean done, boolean more) {}

  /** Runs over the input from a position to its end. */
  Reached run(ByteString input, int from) {
    if (steps == 0) {
      return new Reached(from == input.size(), false);
    }
    long[] live = new long[words];
    live[0] = 1;
    skipRepeated(live);
    long[] next = new long[words];
    for (int i = from; i < input.size(); i++) {
      if (!advance(live, next, (input.byteAt(i) & 0xff) * words)) {
        return new Reached(false, false);
      }
      long[] swap = live;
      live = next;
      next = swap;
    }
    long last = 1L << steps;
    boolean done = (live[words - 1] & last) != 0;
    live[words - 1] &= ~last;
    boolean more = false;
    for (long word : live) {
      more |= word != 0;
    }
    return new Reached(done, more);
  }

  /** One byte of input; false if nothing is left. */
  private boolean advance(long[] live, long[] next, int row) {
    long carry = 0;
    long any = 0;
    for (int w = 0; w < words; w++) {
      long taken = live[w] & takes[row + w];
      long moved = taken & ~repeated[w];
      next[w] = (taken & repeated[w]) | (moved << 1) | carry;
      carry = moved >>> 63;
      any |= next[w];
    }
    skipRepeated(next);
    return any != 0;
  }

  /** A repeated step need not be taken at all. No two of them are neighbours: stars are joined. */
  private void skipRepeated(long[] live) {
    long carry = 0;
    for (int w = 0; w < words; w++) {
      long skipped = live[w] & repeated[w];
      live[w] |= (skipped << 1) | carry;
      carry = skipped >>> 63;
    }
  }
}
