package io.patina.engine.waivers;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.scope.Glob;
import java.util.Optional;

/**
 * Which deviations a waiver is about.
 *
 * @param keys a {@link Glob} over the key
 * @param expected SHA-256 of the content as it should be, hexadecimal; empty for any
 * @param actual likewise as it is: another edit of the same file is then not waived
 */
public record Pattern(String facet, Glob keys, Optional<String> expected, Optional<String> actual) {

  private static final String DIGEST = "[0-9a-f]{64}";

  public Pattern {
    if (Facet.named(facet).isEmpty()) {
      throw new IllegalArgumentException("facet is one of those that hosts report, such as file");
    }
    if (!expected.orElse("0".repeat(64)).matches(DIGEST)
        || !actual.orElse("0".repeat(64)).matches(DIGEST)) {
      throw new IllegalArgumentException("expected and actual are SHA-256, 64 hexadecimal digits");
    }
  }

  /**
   * Makes one of its texts.
   *
   * @throws IllegalArgumentException if one of them is none; the message says which
   */
  public static Pattern of(
      String facet, String keys, Optional<String> expected, Optional<String> actual) {
    return new Pattern(facet, Glob.of(keys), expected, actual);
  }

  /** Whether a deviation is meant. */
  public boolean matches(Difference d) {
    return matches(
        d.key().facet(),
        d.key().name(),
        d.expected().shown(Attributes.SHA256),
        d.actual().shown(Attributes.SHA256));
  }

  /**
   * Whether a deviation is meant.
   *
   * @param should SHA-256 of the content as it should be, hexadecimal, if it is known
   * @param is likewise as it is
   */
  public boolean matches(
      String ofFacet, ByteString key, Optional<String> should, Optional<String> is) {
    return facet.equals(ofFacet)
        && keys.matches(key)
        && (expected.isEmpty() || expected.equals(should))
        && (actual.isEmpty() || actual.equals(is));
  }

  /** In words, safe to print. */
  public String text() {
    return facet + " " + Escaped.text(keys.toString());
  }
}
