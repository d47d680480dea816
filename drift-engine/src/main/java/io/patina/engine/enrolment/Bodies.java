package io.patina.engine.enrolment;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Checks what callers write. */
final class Bodies {

  private static final int LONGEST = 253;
  private static final int LONGEST_REASON = 1000;
  private static final int MOST_LABELS = 64;

  private Bodies() {}

  /** A reason for the audit history. */
  static String reason(@Nullable String given) {
    String reason = given == null ? "" : given.strip();
    if (reason.isEmpty() || reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
      throw bad("Say why: {\"reason\": \"...\"}, 1 to " + LONGEST_REASON + " characters.");
    }
    return reason;
  }

  /** A pool and labels. */
  static Place place(@Nullable String pool, @Nullable Map<String, @Nullable String> labels) {
    return new Place(pool == null ? null : text("pool", pool), labels(labels));
  }

  private static Map<String, String> labels(@Nullable Map<String, @Nullable String> given) {
    Map<String, String> labels = new TreeMap<>();
    if (given != null) {
      given.forEach(
          (name, value) ->
              labels.put(text("a label's name", name), text("the label " + name, value)));
    }
    if (labels.size() > MOST_LABELS) {
      throw bad("A host has at most " + MOST_LABELS + " labels.");
    }
    return labels;
  }

  /** A name or a value. */
  static String text(String what, @Nullable String value) {
    String text = value == null ? "" : value.strip();
    if (text.isEmpty()
        || text.length() > LONGEST
        || text.chars().anyMatch(Character::isISOControl)) {
      throw bad(what + " is text of 1 to " + LONGEST + " characters.");
    }
    return text;
  }

  /** The id of a host. */
  static Optional<UUID> id(String what, @Nullable String value) {
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(UUID.fromString(value));
    } catch (IllegalArgumentException e) {
      throw bad(what + " is a UUID.");
    }
  }

  static ProblemException bad(String detail) {
    return new ProblemException(Problem.badRequest(detail));
  }
}
