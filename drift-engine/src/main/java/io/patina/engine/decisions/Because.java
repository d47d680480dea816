package io.patina.engine.decisions;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import org.jspecify.annotations.Nullable;

/** Reads texts that callers give with a decision. */
public final class Because {

  private static final int LONGEST_REASON = 1000;
  private static final int LONGEST_NAME = 200;

  private Because() {}

  /**
   * Why: 1 to 1000 characters.
   *
   * @throws ProblemException 400 if it is missing or too long
   */
  public static String reason(@Nullable String reason) {
    String text = reason == null ? "" : reason.strip();
    if (text.isEmpty() || text.length() > LONGEST_REASON || text.indexOf('\0') >= 0) {
      throw new ProblemException(
          Problem.badRequest(
              "Say why: {\"reason\": \"...\"}, 1 to " + LONGEST_REASON + " characters."));
    }
    return text;
  }

  /** A name of at most 200 characters; empty if it is left out. */
  public static String name(String what, @Nullable String name) {
    String text = name == null ? "" : name.strip();
    if (text.length() > LONGEST_NAME || text.indexOf('\0') >= 0) {
      throw new ProblemException(
          Problem.badRequest(what + " is text of at most " + LONGEST_NAME + " characters."));
    }
    return text;
  }
}
