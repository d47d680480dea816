package io.patina.comparison;

import com.google.re2j.Pattern;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;

/** Text in which <code>&#36;{label:NAME}</code> stands for the value of an assigned label. */
final class LabelText {

  private static final java.util.regex.Pattern REFERENCE =
      java.util.regex.Pattern.compile("(\\$?)\\$\\{label:([A-Za-z0-9._/-]{1,63})\\}");

  private LabelText() {}

  static boolean refers(String text) {
    return text.contains("${label:");
  }

  /** The first label that the text refers to and that is not assigned. */
  static Optional<String> unassigned(String text, Map<String, String> labels) {
    Matcher m = REFERENCE.matcher(text);
    while (m.find()) {
      if (m.group(1).isEmpty() && !labels.containsKey(m.group(2))) {
        return Optional.of(m.group(2));
      }
    }
    return Optional.empty();
  }

  /** The text with the values in place; all labels that it refers to are assigned. */
  static String resolved(String text, Map<String, String> labels) {
    return replaced(text, name -> labels.getOrDefault(name, ""));
  }

  /** A pattern with the values in place, each taken literally. */
  static String quoted(String pattern, Function<String, String> label) {
    if (pattern.length() > Constraint.MAX_PATTERN) {
      throw new IllegalArgumentException(BoundedPattern.tooLong());
    }
    return replaced(pattern, name -> Pattern.quote(label.apply(name)));
  }

  private static String replaced(String text, Function<String, String> value) {
    if (!refers(text)) {
      return text;
    }
    return REFERENCE
        .matcher(text)
        .replaceAll(
            m ->
                Matcher.quoteReplacement(
                    m.group(1).isEmpty() ? value.apply(m.group(2)) : m.group().substring(1)));
  }
}
