package io.patina.imports;

import java.util.Map;
import java.util.TreeMap;

/**
 * What came of an export.
 *
 * @param written facts written
 * @param left what the format cannot carry, to how many times it occurs
 */
public record Exported(long written, Map<String, Long> left) {

  public Exported {
    left = java.util.Collections.unmodifiableMap(new TreeMap<>(left));
  }

  /** Counts while an export is written. */
  public static final class Count {
    private final Map<String, Long> left = new TreeMap<>();
    private long written;

    public void written() {
      written++;
    }

    /** Something that the format cannot carry. */
    public void left(String what) {
      left.merge(what, 1L, Long::sum);
    }

    public Exported done() {
      return new Exported(written, left);
    }
  }
}
