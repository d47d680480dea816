package io.patina.engine.pages;

import io.patina.engine.fleet.DeviationView;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.verdict.DriftClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Deviations as a person reads them: by kind of difference, then by package or directory, trees
 * that no package owns folded into one line.
 */
final class DeviationGroups {

  /** Deviations of one section that are written out. */
  private static final int WRITTEN = 100;

  /** A group with more deviations than this begins closed. */
  private static final int OPEN_UP_TO = 40;

  private static final String TREE = "tree ";

  private DeviationGroups() {}

  /** Deviations of one kind of difference. */
  record Group(String id, String title, String since, boolean open, List<Section> sections) {}

  /**
   * Deviations of one package, directory or unowned tree.
   *
   * @param title null where the group needs no sections
   * @param more says that not all are written out; null if they are
   */
  record Section(
      String id,
      @Nullable String title,
      @Nullable String hint,
      boolean folded,
      List<DeviationRow> deviations,
      @Nullable String more) {}

  static List<Group> of(List<DeviationView> deviations, Instant now) {
    Map<String, List<DeviationView>> byClass =
        deviations.stream()
            .sorted(Comparator.comparing(DeviationView::facet).thenComparing(DeviationView::key))
            .collect(
                Collectors.groupingBy(
                    DeviationView::driftClass, LinkedHashMap::new, Collectors.toList()));
    List<Group> groups = new ArrayList<>();
    for (DriftClass c : DriftClass.values()) {
      List<DeviationView> of = byClass.remove(c.wireName());
      if (of != null) {
        groups.add(group(c.wireName(), c.counted(of.size()), of, now));
      }
    }
    // Classes that a newer engine knows.
    byClass.forEach(
        (name, of) ->
            groups.add(group(name, Words.count(of.size()) + " " + Escaped.text(name), of, now)));
    return groups;
  }

  private static Group group(String id, String title, List<DeviationView> of, Instant now) {
    Map<String, List<DeviationView>> sections = new TreeMap<>();
    String tree = "";
    for (DeviationView d : of) {
      tree = isUnder(tree, d) ? tree : isUnownedDirectory(d) ? d.key() : "";
      String name = tree.isEmpty() ? place(d) : TREE + tree;
      sections.computeIfAbsent(name, s -> new ArrayList<>()).add(d);
    }
    Instant latest =
        of.stream().map(d -> d.onset().latest()).max(Comparator.naturalOrder()).orElse(now);
    int number = 0;
    List<Section> all = new ArrayList<>();
    for (Map.Entry<String, List<DeviationView>> s : sections.entrySet()) {
      all.add(section(id + "-" + number++, s.getKey(), s.getValue(), now));
    }
    return new Group(id, title, "latest " + Words.ago(latest, now), of.size() <= OPEN_UP_TO, all);
  }

  private static Section section(String id, String name, List<DeviationView> of, Instant now) {
    List<DeviationRow> rows =
        of.stream().limit(WRITTEN).map(d -> DeviationRow.from(d, now)).toList();
    String more =
        of.size() > WRITTEN
            ? "And " + Words.count(of.size() - WRITTEN) + " more, in the API."
            : null;
    boolean tree = name.startsWith(TREE);
    if (tree && of.size() > 1) {
      return new Section(
          id,
          Escaped.text(name.substring(TREE.length())) + "/",
          "a tree that no package owns, " + Words.counted(of.size(), "entry", "entries"),
          true,
          rows,
          more);
    }
    return new Section(
        id, tree || name.isEmpty() ? null : Escaped.text(name), null, false, rows, more);
  }

  private static boolean isUnder(String tree, DeviationView d) {
    return !tree.isEmpty() && isFile(d) && d.key().startsWith(tree + "/");
  }

  private static boolean isUnownedDirectory(DeviationView d) {
    return isFile(d) && d.kind().equals("unexpected") && "directory".equals(d.actual().get("type"));
  }

  private static boolean isFile(DeviationView d) {
    return d.facet().equals(Facet.FILE.wireName());
  }

  private static String place(DeviationView d) {
    if (d.owner() != null) {
      return d.owner();
    }
    int slash = d.key().lastIndexOf('/');
    return !isFile(d) ? "" : slash <= 0 ? "/" : d.key().substring(0, slash + 1);
  }
}
