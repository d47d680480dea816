package io.patina.scope;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Reads a glob without braces into steps, each a set of bytes taken once or repeatedly. */
final class GlobSteps {

  /** The bytes a step takes, and whether it may take any number of them. */
  record Step(BitSet bytes, boolean repeated) {

    /** Whether this is {@code **}. */
    boolean isAnything() {
      return repeated && bytes.cardinality() == 256;
    }

    boolean isSlash() {
      return !repeated && bytes.cardinality() == 1 && bytes.get(SLASH);
    }
  }

  private static final int SLASH = '/';

  private final byte[] pattern;
  private int at;

  private GlobSteps(String pattern) {
    this.pattern = pattern.getBytes(StandardCharsets.UTF_8);
  }

  static List<Step> parse(String pattern) {
    GlobSteps reader = new GlobSteps(pattern);
    List<Step> steps = new ArrayList<>();
    while (reader.at < reader.pattern.length) {
      steps.add(reader.step());
    }
    return steps;
  }

  private Step step() {
    int b = pattern[at++] & 0xff;
    return switch (b) {
      case '?' -> new Step(notSlash(), false);
      case '*' -> {
        boolean any = false;
        while (at < pattern.length && pattern[at] == '*') {
          any = true;
          at++;
        }
        yield new Step(any ? all() : notSlash(), true);
      }
      case '[' -> new Step(set(), false);
      case '\\' -> {
        if (at == pattern.length) {
          throw new IllegalArgumentException("a glob cannot end in a lone backslash");
        }
        yield new Step(one(pattern[at++] & 0xff), false);
      }
      default -> new Step(one(b), false);
    };
  }

  private BitSet set() {
    int start = at;
    boolean negated = at < pattern.length && (pattern[at] == '!' || pattern[at] == '^');
    if (negated) {
      at++;
    }
    BitSet set = new BitSet(256);
    boolean first = true;
    while (at < pattern.length && (pattern[at] != ']' || first)) {
      first = false;
      int from = member(start);
      if (at + 1 < pattern.length && pattern[at] == '-' && pattern[at + 1] != ']') {
        at++;
        int to = member(start);
        if (to < from) {
          throw new IllegalArgumentException("an empty range at byte " + start);
        }
        set.set(from, to + 1);
      } else {
        set.set(from);
      }
    }
    if (at == pattern.length) {
      throw new IllegalArgumentException("a set that is not closed with ] at byte " + start);
    }
    at++;
    if (negated) {
      set.flip(0, 256);
    }
    set.clear(SLASH);
    return set;
  }

  /** One byte of a set, after a backslash if there is one. */
  private int member(int start) {
    if (pattern[at] == '\\' && ++at == pattern.length) {
      throw new IllegalArgumentException("a set that is not closed with ] at byte " + start);
    }
    return pattern[at++] & 0xff;
  }

  private static BitSet one(int b) {
    BitSet set = new BitSet(256);
    set.set(b);
    return set;
  }

  private static BitSet all() {
    BitSet set = new BitSet(256);
    set.set(0, 256);
    return set;
  }

  private static BitSet notSlash() {
    BitSet set = all();
    set.clear(SLASH);
    return set;
  }
}
