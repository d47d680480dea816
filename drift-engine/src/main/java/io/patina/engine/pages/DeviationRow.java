package io.patina.engine.pages;

import io.patina.engine.fleet.DeviationView;
import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One deviation: expected beside actual. */
record DeviationRow(
    String id,
    String key,
    String kind,
    String by,
    Words.@Nullable Time since,
    @Nullable String waived,
    @Nullable String when,
    List<Side> attributes) {

  private static final int DIGEST_SHOWN = 16;
  private static final int LONGEST_VALUE = 2_000;

  /**
   * One attribute.
   *
   * @param expected null where nothing was; then {@code noExpected} says so
   */
  record Side(
      String label,
      @Nullable Value expected,
      String noExpected,
      @Nullable Value actual,
      String noActual) {}

  /** A value, the part that differs between the parts that do not. */
  record Value(String before, String changed, String after) {}

  static DeviationRow from(DeviationView d, Instant now) {
    return new DeviationRow(
        d.id(),
        key(d),
        kind(d.kind()) + restless(d, now),
        by(d),
        Words.Time.of(d.onset().latest(), now),
        waived(d),
        when(d),
        switch (d.kind()) {
          case "missing" ->
              List.of(
                  new Side("all", whole(summary(d.facet(), d.expected())), "", null, "missing"));
          case "unexpected" ->
              List.of(
                  new Side("all", null, "not there", whole(summary(d.facet(), d.actual())), ""));
          default -> sides(d);
        });
  }

  private static @Nullable String waived(DeviationView d) {
    DeviationView.Waived w = d.waived();
    return w == null
        ? null
        : "waived until "
            + Words.minute(w.until())
            + ": "
            + Escaped.text(w.reason())
            + " ("
            + (w.ticket().isEmpty() ? "" : Escaped.text(w.ticket()) + ", ")
            + "owner "
            + Escaped.text(w.owner())
            + ", waiver "
            + w.waiver()
            + ")";
  }

  /** Escaped, with the facet before the keys of all but files. */
  private static String key(DeviationView d) {
    String text = d.keyBytes() == null ? Escaped.text(d.key()) : Words.safe(d.key());
    return d.facet().equals(Facet.FILE.wireName()) ? text : d.facet() + " " + text;
  }

  /** Who wrote; of what no process writes to a file, nothing. */
  private static String by(DeviationView d) {
    DeviationView.WrittenBy p = d.writtenBy();
    if (p == null) {
      return d.facet().equals(Facet.FILE.wireName()) ? "by unknown" : "";
    }
    StringBuilder by = new StringBuilder("by ");
    by.append(p.command() == null ? "a process" : Words.safe(p.command()));
    by.append(" (pid ").append(p.pid()).append(')');
    // A container's unit is its id once more.
    if (p.unit() != null && p.container() == null) {
      by.append(", unit ").append(Words.safe(p.unit()));
    }
    if (p.pod() != null) {
      by.append(", pod ").append(Words.safe(p.pod()));
    }
    if (p.container() != null) {
      by.append(", container ")
          .append(p.containerName() == null ? "" : Words.safe(p.containerName()) + " ")
          .append(container(Words.safe(p.container())));
    }
    if (p.image() != null) {
      by.append(", image ").append(Words.safe(p.image()));
    }
    if (p.loginUser() != null) {
      by.append(", login uid ").append(p.loginUser());
    }
    return by.toString();
  }

  /** As container engines show it: the first twelve digits. */
  private static String container(String id) {
    return id.matches("[0-9a-f]{64}") ? id.substring(0, 12) : id;
  }

  private static String restless(DeviationView d, Instant now) {
    DeviationView.Restless r = d.restless();
    return r == null
        ? ""
        : ", volatile: "
            + Words.counted(r.changes(), "change", "changes")
            + ", last "
            + Words.ago(r.last(), now)
            + (r.asExpected() ? ", as expected just now" : "");
  }

  /** What "since" alone would hide; null if it hides nothing. */
  private static @Nullable String when(DeviationView d) {
    List<String> parts = new ArrayList<>();
    if (!d.onset().exact()) {
      Instant earliest = d.onset().earliest();
      parts.add(
          earliest == null
              ? "so when first seen"
              : "between " + Words.minute(earliest) + " and " + Words.minute(d.onset().latest()));
    }
    if (d.factSince().isBefore(d.onset().latest())) {
      parts.add("the fact itself since " + Words.minute(d.factSince()));
    }
    if (d.changes() > 0) {
      parts.add("changed " + Words.counted(d.changes(), "time", "times") + " since");
    }
    if (d.previous() != null) {
      parts.add("reopened: it differed before");
    }
    return parts.isEmpty() ? null : String.join("; ", parts);
  }

  private static String kind(String kind) {
    return switch (kind) {
      case "changed" -> "\u2260 changed";
      case "missing" -> "\u2212 missing";
      case "unexpected" -> "+ unexpected";
      default -> Escaped.text(kind);
    };
  }

  private static List<Side> sides(DeviationView d) {
    TreeSet<String> names = new TreeSet<>(d.expected().keySet());
    names.addAll(d.actual().keySet());
    List<Side> sides = new ArrayList<>();
    for (String name : names) {
      if (!Attributes.isAnnotation(name)) {
        String expected = d.expected().get(name);
        String actual = d.actual().get(name);
        sides.add(
            new Side(
                Escaped.text(name),
                expected == null ? null : beside(name, expected, actual),
                "none",
                actual == null ? null : beside(name, actual, expected),
                "none"));
      }
    }
    return sides;
  }

  /** Several attributes in a line, for what is wholly there or wholly not. */
  private static String summary(String facet, Map<String, String> attributes) {
    List<String> parts = new ArrayList<>();
    attributes.forEach(
        (name, value) -> {
          if (!Attributes.isAnnotation(name)) {
            parts.add(
                name.equals(Attributes.TYPE) || name.equals(Attributes.VALUE)
                    ? shown(name, value)
                    : name.equals(Attributes.SIZE) && isNumber(value)
                        ? Words.bytes(Long.parseLong(value))
                        : name + " " + shown(name, value));
          }
        });
    return parts.isEmpty() ? facet : String.join(", ", parts);
  }

  private static boolean isNumber(String value) {
    return value.matches("[0-9]{1,18}");
  }

  private static Value whole(String text) {
    return new Value("", text, "");
  }

  /** Cuts what both begin and end with from what differs. Values come escaped from the database. */
  static Value beside(String name, String value, @Nullable String other) {
    if (other == null || Attributes.isBinary(name)) {
      return whole(shown(name, value));
    }
    int start = 0;
    int most = Math.min(value.length(), other.length());
    while (start < most && value.charAt(start) == other.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < most - start
        && value.charAt(value.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
      end++;
    }
    // Never between the halves of a surrogate pair.
    if (start > 0 && Character.isHighSurrogate(value.charAt(start - 1))) {
      start--;
    }
    if (end > 0 && Character.isLowSurrogate(value.charAt(value.length() - end))) {
      end--;
    }
    return new Value(
        cut(value.substring(0, start)),
        cut(value.substring(start, value.length() - end)),
        cut(value.substring(value.length() - end)));
  }

  private static String shown(String name, String value) {
    return Attributes.isBinary(name) && value.length() > DIGEST_SHOWN + 8
        ? value.substring(0, DIGEST_SHOWN) + "\u2026"
        : cut(value);
  }

  private static String cut(String value) {
    return Words.safe(
        value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "\u2026");
  }
}
