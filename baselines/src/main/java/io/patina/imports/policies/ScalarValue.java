package io.patina.imports.policies;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.facts.Escaped;
import io.patina.imports.InvalidImportException;
import java.util.Locale;
import java.util.Optional;

/**
 * Values that YAML 1.1, which Kubernetes reads, takes for numbers and truth and YAML 1.2 for text:
 * {@code 0644}, {@code yes}. To take the text for nothing would state something else than is
 * written.
 */
final class ScalarValue {

  private ScalarValue() {}

  /**
   * The twelve bits of a mode: a decimal number, or octal with a leading zero; empty if missing.
   */
  static Optional<Integer> mode(JsonNode node, String where) throws InvalidImportException {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    String text = node.asText();
    if (node.isIntegralNumber() && text.matches("[0-9]{1,7}")) {
      return Optional.of(node.asInt() & 07777);
    }
    if (node.isTextual() && text.matches("0o?[0-7]{1,7}")) {
      return Optional.of(Integer.parseInt(text.replace("o", ""), 8) & 07777);
    }
    throw new InvalidImportException(where + ": mode is no number: " + Escaped.text(text));
  }

  /** Whether something is so; not, if it is missing. */
  static boolean flag(JsonNode node, String where) throws InvalidImportException {
    if (node.isMissingNode() || node.isNull()) {
      return false;
    }
    return switch (node.asText().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "y" -> true;
      case "false", "no", "off", "n" -> false;
      default ->
          throw new InvalidImportException(
              where + ": neither true nor false: " + Escaped.text(node.asText()));
    };
  }
}
