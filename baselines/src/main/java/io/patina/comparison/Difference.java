package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import io.patina.wire.v1.Attribute;
import io.patina.wire.v1.Entry;
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
    Entry.Builder all = Entry.newBuilder().setFacet(key.facet()).setKey(key.name());
    put(all, "actual:", actual);
    put(all, "expected:", expected);
    all.addAttributes(
        Attribute.newBuilder().setName("kind").setValue(ByteString.copyFromUtf8(kind.wireName())));
    return all.build().toByteString();
  }

  /** Whether that one is the same; hosts that are compared alike share their differences. */
  public boolean isAs(Difference other) {
    return equals(other) || canonical().equals(other.canonical());
  }

  /** On the wire form directly: both sides together may be more than one fact's attributes. */
  private static void put(Entry.Builder all, String prefix, Attributes attributes) {
    for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
      if (!Attributes.isAnnotation(a.getKey())) {
        all.addAttributes(
            Attribute.newBuilder().setName(prefix + a.getKey()).setValue(a.getValue()));
      }
    }
  }
}
