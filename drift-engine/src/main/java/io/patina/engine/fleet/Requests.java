package io.patina.engine.fleet;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.verdict.Verdict;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what callers write into parameters. Everything wrong is a 400 that says what is right. */
public final class Requests {

  private static final int LONGEST_TEXT = 200;

  /** Further away no database row is. */
  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  /** All verdicts, as callers write them. */
  public static final List<String> VERDICTS =
      Arrays.stream(Verdict.values()).map(Verdict::wireName).toList();

  private Requests() {}

  /** A filter of hosts; an empty text is none. */
  public static Hosts.Filter filter(
      @Nullable String verdict, @Nullable String pool, @Nullable String q) {
    String v = text("verdict", verdict);
    if (v != null && !VERDICTS.contains(v)) {
      throw bad("verdict is one of " + String.join(", ", VERDICTS) + ".");
    }
    return new Hosts.Filter(v, text("pool", pool), text("q", q));
  }

  /** A host id. */
  public static UUID host(String id) {
    return Hosts.uuid(id)
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("A host id is a UUID; this is none.")));
  }

  static boolean openOnly(String state) {
    return switch (state) {
      case "open" -> true;
      case "all" -> false;
      default -> throw bad("state is open or all.");
    };
  }

  /** A moment as callers write it; another if they wrote none. */
  static Instant moment(String name, @Nullable String text, Instant otherwise) {
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      Instant moment = Instant.parse(text);
      if (moment.isBefore(EARLIEST) || moment.isAfter(LATEST)) {
        throw bad(name + " is a moment between " + EARLIEST + " and " + LATEST + ".");
      }
      return moment;
    } catch (DateTimeException e) {
      throw bad(name + " is a moment such as 2026-11-25T12:00:00Z.");
    }
  }

  static int limit(int limit) {
    if (limit < 1 || limit > Listed.MOST) {
      throw bad("limit is 1 to " + Listed.MOST + ".");
    }
    return limit;
  }

  private static @Nullable String text(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (value.length() > LONGEST_TEXT || value.indexOf('\0') >= 0) {
      throw bad(name + " is text of at most " + LONGEST_TEXT + " characters.");
    }
    return value;
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.badRequest(detail));
  }
}
