package io.patina.comparison;

import com.google.protobuf.ByteString;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.regex.Matcher;

/**
 * A pattern whose cost is bounded: its length, its size once repetitions are written out, and a
 * matching time that is linear in the value.
 */
public final class BoundedPattern {

  /** Counted repetitions are written out when a pattern is compiled, nested ones multiplied. */
  private static final long MAX_REPEATED = 1000;

  private static final java.util.regex.Pattern COUNTED =
      java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?\\}");

  private final Pattern compiled;

  private BoundedPattern(Pattern compiled) {
    this.compiled = compiled;
  }

  /**
   * @throws IllegalArgumentException if it is no pattern or too large a one; the message says why
   */
  static void check(String pattern) {
    var unused = of(LabelText.quoted(pattern, label -> "x"));
  }

  /**
   * Measures a pattern before anybody compiles it.
   *
   * @throws IllegalArgumentException if what it repeats would be written out too often
   */
  public static void measure(String pattern) {
    long repeated = 1;
    Matcher counted = COUNTED.matcher(pattern);
    while (counted.find()) {
      String most = counted.group(2) == null ? "" : counted.group(2);
      repeated *= Math.max(1, Long.parseLong(most.isEmpty() ? counted.group(1) : most));
      if (repeated > MAX_REPEATED) {
        throw new IllegalArgumentException(
            "the repetitions {n} of a pattern may multiply to at most " + MAX_REPEATED);
      }
    }
  }

  static BoundedPattern of(String pattern) {
    if (pattern.length() > Constraint.MAX_PATTERN + Constraint.MAX_TEXT) {
      throw new IllegalArgumentException(tooLong());
    }
    measure(pattern);
    try {
      return new BoundedPattern(Pattern.compile(pattern, Pattern.DOTALL));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "not a pattern (RE2 syntax): " + e.getDescription() + " at " + e.getPattern(), e);
    }
  }

  static String tooLong() {
    return "a pattern has at most " + Constraint.MAX_PATTERN + " characters";
  }

  boolean matches(ByteString value) {
    return compiled.matcher(value.toByteArray()).matches();
  }
}
