package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.comparison.Change;
import io.patina.comparison.ManifestDiff;
import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.manifest.Manifest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A diff as a reviewer reads it: first the identity and the packages, then what else changed by
 * facet, then files by the package that owns them or, without one, by directory. Each group shows
 * its first lines and how many more there are, so that memory follows the groups.
 */
final class DiffText {
  private static final int LINES = 12;
  private static final int MOST_GROUPS = 40;
  private static final int DEPTH = 3;
  private static final int SHOWN = 60;

  private static final List<String> FACETS = List.of("os", "package", "kernel", "unit", "mount");

  private final boolean everything;
  private final Map<String, Group> groups = new TreeMap<>();
  private final EnumMap<Change.Kind, Long> counts = new EnumMap<>(Change.Kind.class);

  DiffText(boolean everything) {
    this.everything = everything;
  }

  /** The first lines of a group and how many there are. */
  private static final class Group {
    private final List<String> lines = new ArrayList<>();
    private long size;
  }

  /** Answers how many changes there are. */
  long write(Manifest a, Manifest b, Answer answer) {
    ManifestDiff.walk(a, b, this::take);
    long all = 0;
    StringJoiner sums = new StringJoiner(", ");
    for (Change.Kind kind : Change.Kind.values()) {
      long count = counts.getOrDefault(kind, 0L);
      all += count;
      sums.add(String.format(Locale.ROOT, "%,d %s", count, kind.word()));
    }
    answer.line(
        all == 0 ? "nothing differs" : String.format(Locale.ROOT, "%,d changes: %s", all, sums));
    if (!a.scope().equals(b.scope())) {
      answer.line("the two were made under different scopes: what only one observes is a change");
    }
    int shown = 0;
    for (Map.Entry<String, Group> g : groups.entrySet()) {
      if (shown++ == MOST_GROUPS && !everything) {
        answer.line("");
        answer.line("and " + (groups.size() - MOST_GROUPS) + " more groups (--all)");
        break;
      }
      Group group = g.getValue();
      answer.line("");
      answer.line(String.format(Locale.ROOT, "%s (%,d)", g.getKey().substring(1), group.size));
      group.lines.forEach(l -> answer.line("  " + l));
      if (group.size > group.lines.size()) {
        answer.line(
            String.format(Locale.ROOT, "  and %,d more (--all)", group.size - group.lines.size()));
      }
    }
    return all;
  }

  private void take(Change change) {
    counts.merge(change.kind(), 1L, Long::sum);
    Group group = groups.computeIfAbsent(title(change), t -> new Group());
    group.size++;
    if (everything || group.lines.size() < LINES) {
      group.lines.add(line(change));
    }
  }

  /** The first character only sorts: facets in the order in which one reads them, then files. */
  private static String title(Change change) {
    String facet = change.key().facet();
    if (!facet.equals(Facet.FILE.wireName())) {
      int at = FACETS.indexOf(facet);
      return (char) ('0' + (at < 0 ? FACETS.size() : at)) + facet;
    }
    return change
        .owner()
        .map(o -> "8files of package " + o)
        .orElseGet(() -> "9files in " + directory(change.key().displayName()));
  }

  private static String directory(String path) {
    int end = 0;
    for (int i = 0; i < DEPTH; i++) {
      int slash = path.indexOf('/', end + 1);
      if (slash < 0) {
        break;
      }
      end = slash;
    }
    return path.substring(0, end) + "/";
  }

  private static String line(Change change) {
    String name = change.key().displayName();
    return switch (change.kind()) {
      case ADDED -> "added    " + name + summary(change, false);
      case REMOVED -> "removed  " + name + summary(change, true);
      case CHANGED -> "changed  " + name + "  " + attributes(change);
    };
  }

  /** For one that comes or goes, what one wants to know of it first. */
  private static String summary(Change change, boolean before) {
    for (Change.Attribute a : change.attributes()) {
      boolean first =
          List.of("versions", Attributes.VALUE, "enablement", "fstype").contains(a.name());
      if (first) {
        return "  " + (before ? a.before() : a.after()).map(v -> cut(a.name(), v)).orElse("");
      }
    }
    return "";
  }

  private static String attributes(Change change) {
    StringJoiner out = new StringJoiner(", ");
    if (!change.gapBefore().isEmpty() || !change.gapAfter().isEmpty()) {
      out.add(state(change.gapBefore()) + " -> " + state(change.gapAfter()));
    }
    for (Change.Attribute a : change.attributes()) {
      boolean content = a.name().equals(Attributes.SHA256) || a.name().equals(Attributes.MD5);
      if (content && a.before().isPresent() && a.after().isPresent()) {
        out.add("content (" + a.name() + ")");
      } else {
        String was = a.before().map(v -> cut(a.name(), v)).orElse("not stated");
        String is = a.after().map(v -> cut(a.name(), v)).orElse("not stated");
        boolean value = a.name().equals(Attributes.VALUE) || a.name().equals("versions");
        out.add((value ? "" : Escaped.text(a.name()) + " ") + was + " -> " + is);
      }
    }
    return out.toString();
  }

  private static String state(String gap) {
    return gap.isEmpty() ? "observed" : "not observed: " + gap;
  }

  private static String cut(String name, com.google.protobuf.ByteString value) {
    String shown = Attributes.show(name, value);
    String plain = shown.isEmpty() ? "none" : shown;
    return plain.length() > SHOWN ? plain.substring(0, SHOWN) + "..." : plain;
  }
}
