package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one manifest says otherwise than another of one key.
 *
 * @param owner the package that owns the file, by either of them
 * @param attributes those that differ, by name; annotations left out
 * @param gapBefore why the old one could not observe the key; empty if it could
 * @param gapAfter likewise the new one
 */
public record Change(
    FactKey key,
    Kind kind,
    Optional<String> owner,
    List<Attribute> attributes,
    String gapBefore,
    String gapAfter) {

  /** What happened to the key. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED;

    /** The word in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One attribute that differs; an empty side does not state it. */
  public record Attribute(String name, Optional<ByteString> before, Optional<ByteString> after) {}

  public Change {
    attributes = List.copyOf(attributes);
  }

  static Optional<String> owner(Attributes before, Attributes after) {
    return after.shown(Attributes.PACKAGE).or(() -> before.shown(Attributes.PACKAGE));
  }
}
