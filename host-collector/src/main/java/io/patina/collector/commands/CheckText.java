package io.patina.collector.commands;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.Gap;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows a {@link CheckReport} to a person: the sentence first, then what differs, grouped. */
final class CheckText {
  private static final int LINES_PER_GROUP = 5;
  private static final int MOST_GROUPS = 25;
  private static final int MOST_VALUE = 60;

  private final PrintWriter out;
  private final Paint paint;
  private final boolean everything;

  /**
   * @param everything no group is cut short
   */
  CheckText(PrintWriter out, Paint paint, boolean everything) {
    this.out = out;
    this.paint = paint;
    this.everything = everything;
  }

  void show(CheckReport report, double seconds, boolean isRoot) {
    out.println(headline(report));
    if (report.assessment().recommendation() != Recommendation.NONE) {
      out.println(
          paint.dim(
              String.format(
                  Locale.ROOT,
                  "score %d of 100, recommendation: %s",
                  report.assessment().score(),
                  report.assessment().recommendation().wireName())));
    }
    groups(report);
    gaps(report, isRoot);
    report.notes().forEach(n -> out.println(paint.yellow("note: ") + n));
    out.println();
    out.println(
        paint.dim(
            String.format(
                Locale.ROOT,
                "%,d facts, %,d deviations, %,d gaps, against %s, in %.1f s; fingerprint %s",
                report.facts(),
                report.differences().size(),
                report.gaps().size(),
                report.against(),
                seconds,
                report.fingerprint().hex().substring(0, 16))));
    out.flush();
  }

  private String headline(CheckReport report) {
    String sentence = paint.bold(report.assessment().sentence());
    Verdict verdict = report.assessment().verdict();
    return switch (verdict) {
      case CONFORMING -> paint.green(sentence);
      case ARTISANAL -> paint.red(sentence);
      case DRIFTING, UPDATING, UNOBSERVED, UNBASELINED -> paint.yellow(sentence);
    };
  }

  private void groups(CheckReport report) {
    List<Groups.Group> groups = Groups.of(report.differences()).groups();
    int shown = everything ? groups.size() : Math.min(groups.size(), MOST_GROUPS);
    for (Groups.Group group : groups.subList(0, shown)) {
      out.println();
      out.println(paint.bold(group.title()));
      List<Groups.Line> lines = group.lines();
      boolean cut = !everything && lines.size() > LINES_PER_GROUP + 1;
      for (Groups.Line line : cut ? lines.subList(0, LINES_PER_GROUP) : lines) {
        out.println("  " + line(line));
      }
      if (cut) {
        out.println(
            paint.dim(
                String.format(
                    Locale.ROOT, "  and %,d more (--all)", lines.size() - LINES_PER_GROUP)));
      }
    }
    if (shown < groups.size()) {
      int rest =
          groups.subList(shown, groups.size()).stream().mapToInt(g -> g.lines().size()).sum();
      out.println();
      out.println(
          paint.dim(
              String.format(
                  Locale.ROOT, "and %,d more in %,d groups (--all)", rest, groups.size() - shown)));
    }
  }

  private String line(Groups.Line line) {
    Difference d = line.difference();
    String name = d.key().displayName();
    return switch (d.kind()) {
      case MISSING -> paint.red("missing     ") + name;
      case CHANGED -> paint.yellow("changed     ") + name + "  " + paint.dim(change(d));
      case UNEXPECTED ->
          paint.yellow("unexpected  ")
              + (line.folded() == 0
                  ? name
                  : String.format(
                      Locale.ROOT,
                      "%s/ and %,d below it, %s",
                      name,
                      line.folded(),
                      size(line.foldedBytes())));
    };
  }

  private static String size(long bytes) {
    if (bytes < 10_000) {
      return bytes + " bytes";
    }
    return bytes < 10_000_000
        ? bytes / 1000 + " kB"
        : String.format(Locale.ROOT, "%,d MB", bytes / 1_000_000);
  }

  private static String change(Difference d) {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<String, ByteString> a : d.expected().values().entrySet()) {
      String name = a.getKey();
      if (Attributes.isAnnotation(name)) {
        continue;
      }
      if (Attributes.isBinary(name)) {
        boolean content = name.equals(Attributes.SHA256) || name.equals(Attributes.MD5);
        String part = content ? "content" : name;
        if (!parts.contains(part)) {
          parts.add(part);
        }
      } else {
        String is = d.actual().shown(name).map(CheckText::cut).orElse("none");
        parts.add(name + " " + cut(Attributes.show(name, a.getValue())) + " -> " + is);
      }
    }
    return String.join(", ", parts);
  }

  private static String cut(String value) {
    return value.length() <= MOST_VALUE ? value : value.substring(0, MOST_VALUE) + "...";
  }

  private void gaps(CheckReport report, boolean isRoot) {
    if (report.gaps().isEmpty()) {
      return;
    }
    // What only root may read is not missing from another user's answer; it is named.
    List<Gap> closed =
        report.gaps().stream().filter(g -> !isRoot && g.reason().equals(Gap.PERMISSION)).toList();
    List<Gap> others =
        report.gaps().stream().filter(g -> isRoot || !g.reason().equals(Gap.PERMISSION)).toList();
    out.println();
    if (!closed.isEmpty()) {
      String count = String.format(Locale.ROOT, "Root would also observe %,d: ", closed.size());
      out.println(paint.bold(count) + examples(closed));
    }
    if (!others.isEmpty()) {
      String reasons =
          String.join(", ", others.stream().map(Gap::reason).distinct().sorted().toList());
      String count = String.format(Locale.ROOT, "Not observed: %,d (%s): ", others.size(), reasons);
      out.println(paint.bold(count) + examples(others));
    }
  }

  private String examples(List<Gap> gaps) {
    int shown = everything ? gaps.size() : Math.min(gaps.size(), LINES_PER_GROUP);
    String more = shown < gaps.size() ? ", ..." : "";
    return String.join(
            ", ",
            gaps.subList(0, shown).stream()
                .map(Gap::key)
                .map(k -> k.facet().equals("file") ? k.displayName() : k.toString())
                .toList())
        + more;
  }
}
