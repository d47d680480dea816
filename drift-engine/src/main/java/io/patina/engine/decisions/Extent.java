package io.patina.engine.decisions;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.facts.Escaped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a decision is for: those of which all that is stated is so.
 *
 * @param host the only one
 * @param pool hosts in this one
 * @param labels assigned labels that a host must have
 */
public record Extent(Optional<UUID> host, Optional<String> pool, Map<String, String> labels) {

  private static final int LONGEST = 200;
  private static final int MOST_LABELS = 16;

  public Extent {
    labels = Map.copyOf(labels);
  }

  /**
   * What a caller wrote.
   *
   * @throws ProblemException 400 if it is none, or if it names no hosts
   */
  public static Extent of(
      @Nullable String host, @Nullable String pool, @Nullable Map<String, String> labels) {
    Map<String, String> stated = labels == null ? Map.of() : labels;
    if (host == null && pool == null && stated.isEmpty()) {
      throw bad("Say which hosts: \"host\", \"pool\" or \"labels\".");
    }
    if (stated.size() > MOST_LABELS) {
      throw bad("labels are at most " + MOST_LABELS + ".");
    }
    stated.forEach(
        (name, value) -> {
          text("labels", name);
          text("labels", value);
        });
    if (pool != null) {
      text("pool", pool);
    }
    return new Extent(Optional.ofNullable(host).map(Extent::id), Optional.ofNullable(pool), stated);
  }

  private static UUID id(String host) {
    try {
      return UUID.fromString(host);
    } catch (IllegalArgumentException e) {
      throw bad("host is the id of a host, a UUID.");
    }
  }

  @SuppressWarnings("NullAway") // JSON gives null where the type says that there is none.
  private static void text(String name, String value) {
    if (value == null || value.isEmpty() || value.length() > LONGEST || value.indexOf('\0') >= 0) {
      throw bad(name + " is text of 1 to " + LONGEST + " characters.");
    }
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.badRequest(detail));
  }

  /** Whether a host is among them. */
  public boolean covers(UUID id, String inPool, Map<String, String> assigned) {
    return host.map(id::equals).orElse(true)
        && pool.map(inPool::equals).orElse(true)
        && labels.entrySet().stream().allMatch(l -> l.getValue().equals(assigned.get(l.getKey())));
  }

  /** In words, safe to print: {@code pool web, role=db}. */
  public String text() {
    List<String> parts = new ArrayList<>();
    host.ifPresent(h -> parts.add("host " + h));
    pool.ifPresent(p -> parts.add("pool " + Escaped.text(p)));
    new TreeMap<>(labels)
        .forEach((name, value) -> parts.add(Escaped.text(name) + "=" + Escaped.text(value)));
    return String.join(", ", parts);
  }
}
