package io.patina.scope;

import com.google.protobuf.ByteString;
import java.util.BitSet;
import java.util.List;

/**
 * The positions of a glob that an input can have reached. A walk asks this for every file of a
 * host, so up to 63 positions are the bits of one number and nothing is allocated; longer globs
 * take the slower way.
 */
final class GlobStates {

  private static final int WORD = 63;

  private final List<GlobSteps.Step> steps;
  private final boolean endless;
  // Per byte, the steps that take it; the steps that take any number of bytes.
  private final long[] taking = new long[256];
  private long repeated;

  GlobStates(List<GlobSteps.Step> steps) {
    this.steps = List.copyOf(steps);
    this.endless =
        !steps.isEmpty()
            && steps.getLast().repeated()
            && steps.getLast().bytes().cardinality() == 256;
    for (int s = 0; s < steps.size() && s < WORD; s++) {
      GlobSteps.Step step = steps.get(s);
      long bit = 1L << s;
      repeated |= step.repeated() ? bit : 0;
      for (int b = step.bytes().nextSetBit(0); b >= 0; b = step.bytes().nextSetBit(b + 1)) {
        taking[b] |= bit;
      }
    }
  }

  boolean isEmpty() {
    return steps.isEmpty();
  }

  /** Whether the input from there on can be the whole of it. */
  boolean ends(ByteString input, int from) {
    return steps.size() < WORD
        ? (word(input, from, endless) & end()) != 0
        : set(input, from).get(steps.size());
  }

  /** Whether bytes after the input could make it match. */
  boolean continues(ByteString input, int from) {
    if (steps.size() < WORD) {
      return (word(input, from, false) & ~end()) != 0;
    }
    BitSet live = set(input, from);
    live.clear(steps.size());
    return !live.isEmpty();
  }

  /** Whether any bytes after the input make it match: a final {@code **} is reached. */
  boolean takesAnything(ByteString input, int from) {
    return endless && ends(input, from);
  }

  private long end() {
    return 1L << steps.size();
  }

  private long word(ByteString input, int from, boolean stopAtEnd) {
    long live = passed(1L);
    for (int i = from; i < input.size() && live != 0; i++) {
      if (stopAtEnd && (live & end()) != 0) {
        return live;
      }
      long moved = live & taking[input.byteAt(i) & 0xff];
      live = passed((moved & repeated) | ((moved & ~repeated) << 1));
    }
    return live;
  }

  /** Repeated steps may be left without taking a byte. */
  private long passed(long live) {
    long all = live;
    long more = (all & repeated) << 1;
    while ((more & ~all) != 0) {
      all |= more;
      more = (all & repeated) << 1;
    }
    return all;
  }

  private BitSet set(ByteString input, int from) {
    BitSet live = new BitSet(steps.size() + 1);
    reach(live, 0);
    for (int i = from; i < input.size() && !live.isEmpty(); i++) {
      int b = input.byteAt(i) & 0xff;
      BitSet next = new BitSet(steps.size() + 1);
      for (int s = live.nextSetBit(0); s >= 0 && s < steps.size(); s = live.nextSetBit(s + 1)) {
        GlobSteps.Step step = steps.get(s);
        if (step.bytes().get(b)) {
          reach(next, step.repeated() ? s : s + 1);
        }
      }
      live = next;
    }
    return live;
  }

  private void reach(BitSet live, int step) {
    int s = step;
    live.set(s);
    while (s < steps.size() && steps.get(s).repeated()) {
      live.set(++s);
    }
  }
}
