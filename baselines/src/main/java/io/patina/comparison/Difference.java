package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One difference between a host and its baseline.
 *
 * @param expected for a changed fact the expected values of the attributes that differ, for a
 *     missing one all that was expected, for an unexpected one nothing; annotations (owning
 *     package) included
 * @param actual for a changed fact the actual values of the attributes that differ, for an
 *     unexpected one all that was observed, for a missing one nothing
 */
public record Difference(FactKey key, Kind kind, Attributes expected, Attributes actual) {

  /** How they differ. */
  public enum Kind {
    CHANGED,
    MISSING,
    UNEXPECTED;

    /** The word on the wire and in the API. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The package that owns what was expected, if the baseline says. */
  public Optional<String> owner() {
    return expected.shown(Attributes.PACKAGE);
  }

  /**
   * Bytes that are equal for equal differences and for no others; annotations do not count, so that
   * two baselines that explain one file differently give one signature.
   */
  public ByteString canonical() {
    Attributes.Builder all = new Attributes.Builder().text("kind", kind.wireName());
    put(all, "expected:", expected);
    put(all, "actual:", actual);
    return Entry.of(key, all.build()).canonical();
  }

  private static void put(Attributes.Builder all, String prefix, Attributes attributes) {
    for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
      if (!Attributes.isAnnotation(a.getKey())) {
        all.bytes(prefix + a.getKey(), a.getValue());
      }
    }
  }
}
