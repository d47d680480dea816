package io.patina.engine.fleet;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The place in a list after which the next page begins: the sort keys of the last item seen. Opaque
 * to callers (base64url); one made for another list or other filters is refused.
 *
 * @param list which list and filters it belongs to
 * @param keys sort keys, as many as the list has
 */
record Cursor(String list, List<String> keys) {

  private static final String SEPARATOR = "\u0000";
  private static final int LONGEST = 4096;

  Cursor {
    keys = List.copyOf(keys);
  }

  /** A name for a list with filters, to tell cursors apart. */
  static String list(String name, @Nullable String... filters) {
    StringBuilder all = new StringBuilder(name);
    for (String filter : filters) {
      all.append('/').append(filter == null ? "-" : Integer.toHexString(filter.hashCode()));
    }
    return all.toString();
  }

  String text() {
    String all = list + SEPARATOR + String.join(SEPARATOR, keys);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(all.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a cursor.
   *
   * @throws ProblemException 400 if it is none of this list
   */
  static Optional<Cursor> parse(@Nullable String text, String list, int keys) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    if (text.length() <= LONGEST) {
      try {
        String all = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        List<String> parts = List.of(all.split(SEPARATOR, -1));
        if (parts.size() == keys + 1 && parts.getFirst().equals(list)) {
          return Optional.of(new Cursor(list, parts.subList(1, parts.size())));
        }
      } catch (IllegalArgumentException e) {
        throw new ProblemException(refused());
      }
    }
    throw new ProblemException(refused());
  }

  static Problem refused() {
    return Problem.badRequest(
        "The cursor does not belong to this list and these filters. Begin without one.");
  }
}
