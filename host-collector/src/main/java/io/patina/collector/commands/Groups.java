package io.patina.collector.commands;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FileFact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Differences in the groups in which a person would look at them: by owning package, files that no
 * package owns by directory (a tree that is all unowned is one line), the rest by facet.
 */
record Groups(List<Group> groups) {
  /** A title and its lines. */
  record Group(String title, List<Line> lines) {}

  /**
   * One difference, or a whole tree of unexpected files.
   *
   * @param folded how many more differences the line stands for
   * @param foldedBytes their size
   */
  record Line(Difference difference, int folded, long foldedBytes) {}

  /** Most groups of unowned files before directories are taken together. */
  private static final int MOST_DIRECTORIES = 12;

  static Groups of(List<Difference> differences) {
    Map<String, List<Line>> packages = new TreeMap<>();
    List<Line> unowned = new ArrayList<>();
    Map<String, List<Line>> facets = new TreeMap<>();
    for (Line line : fold(differences)) {
      Difference d = line.difference();
      if (d.owner().isPresent()) {
        add(packages, "package " + d.owner().get(), line);
      } else if (isFile(d)) {
        unowned.add(line);
      } else {
        add(facets, d.key().facet(), line);
      }
    }
    List<Group> groups = new ArrayList<>();
    packages.entrySet().stream()
        .sorted(Comparator.comparingInt(e -> -e.getValue().size()))
        .forEach(e -> groups.add(new Group(e.getKey(), e.getValue())));
    facets.forEach((k, v) -> groups.add(new Group(k, v)));
    directories(unowned).forEach((k, v) -> groups.add(new Group("in " + k, v)));
    return new Groups(List.copyOf(groups));
  }

  private static void add(Map<String, List<Line>> to, String title, Line line) {
    to.computeIfAbsent(title, k -> new ArrayList<>()).add(line);
  }

  private static boolean isFile(Difference d) {
    return d.key().facet().equals(Facet.FILE.wireName());
  }

  /** By directory; by one further up while that makes too many groups. */
  private static Map<String, List<Line>> directories(List<Line> lines) {
    for (int depth = 6; ; depth--) {
      Map<String, List<Line>> groups = new TreeMap<>();
      for (Line line : lines) {
        add(groups, parent(line.difference(), depth), line);
      }
      if (groups.size() <= MOST_DIRECTORIES || depth == 1) {
        return groups;
      }
    }
  }

  private static String parent(Difference d, int depth) {
    String shown = d.key().displayName();
    int end = 0;
    for (int i = 0; i < depth; i++) {
      int slash = shown.indexOf('/', end + 1);
      if (slash < 0) {
        break;
      }
      end = slash;
    }
    return shown.substring(0, end) + "/";
  }

  /** Below a directory that is itself unexpected everything else is, too. */
  private static List<Line> fold(List<Difference> differences) {
    Map<ByteString, int[]> open = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    List<Difference> tops = new ArrayList<>();
    List<long[]> sums = new ArrayList<>();
    for (Difference d : differences) {
      int @Nullable [] top = unexpected(d) ? treeOf(d.key().name(), open) : null;
      if (top != null) {
        long[] sum = sums.get(top[0]);
        sum[0]++;
        sum[1] += size(d);
        continue;
      }
      tops.add(d);
      sums.add(new long[2]);
      boolean directory =
          d.actual().shown(Attributes.TYPE).filter(FileFact.DIRECTORY::equals).isPresent();
      if (unexpected(d) && directory) {
        open.put(d.key().name(), new int[] {tops.size() - 1});
      }
    }
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < tops.size(); i++) {
      lines.add(new Line(tops.get(i), (int) sums.get(i)[0], sums.get(i)[1]));
    }
    return lines;
  }

  private static boolean unexpected(Difference d) {
    return isFile(d) && d.kind() == Difference.Kind.UNEXPECTED;
  }

  private static int @Nullable [] treeOf(ByteString path, Map<ByteString, int[]> open) {
    for (int i = path.size() - 1; i > 0; i--) {
      if (path.byteAt(i) == '/') {
        int @Nullable [] top = open.get(path.substring(0, i));
        if (top != null) {
          return top;
        }
      }
    }
    return null;
  }

  private static long size(Difference d) {
    return d.actual().shown(Attributes.SIZE).map(Long::parseLong).orElse(0L);
  }
}
