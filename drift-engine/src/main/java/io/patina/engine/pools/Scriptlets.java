package io.patina.engine.pools;

import io.patina.engine.pools.Way.Item;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Equal packages and unequal files: what no package owns is what their scripts made, and a package
 * whose files have other owners than elsewhere asked for the account that they have. Pure.
 *
 * @param unowned files that no package owns and that are not alike, safe to print
 * @param packages whose scripts are likely to have made the difference
 * @param sentence that says so
 */
public record Scriptlets(List<String> unowned, List<String> packages, String sentence) {

  private static final Set<String> ACCOUNT = Set.of("uid", "gid");
  private static final int MOST = 50;
  private static final int NAMED = 3;

  public Scriptlets {
    unowned = List.copyOf(unowned);
    packages = List.copyOf(packages);
  }

  /**
   * The same of some ways of differing.
   *
   * @param ways if not all of one was read, a package may be among the rest, and nothing is said
   */
  static Optional<Scriptlets> of(Collection<Way> ways, Collection<Item> separating) {
    return ways.stream().allMatch(Way::complete) ? of(separating) : Optional.empty();
  }

  /**
   * What separates hosts, if their packages are equal and their files are not.
   *
   * @param separating what separates them
   */
  static Optional<Scriptlets> of(Collection<Item> separating) {
    TreeSet<String> unowned = new TreeSet<>();
    TreeSet<String> packages = new TreeSet<>();
    boolean accounts = false;
    for (Item item : separating) {
      if (item.facet().equals("package")) {
        return Optional.empty();
      }
      if (item.facet().equals("file")) {
        boolean account = !item.attributes().isEmpty() && ACCOUNT.containsAll(item.attributes());
        if (item.owner().isPresent() && account) {
          packages.add(item.owner().get());
          accounts = true;
        } else if (item.owner().isEmpty()) {
          unowned.add(item.key());
        }
      }
    }
    if (unowned.isEmpty() && packages.isEmpty()) {
      return Optional.empty();
    }
    List<String> files = unowned.stream().limit(MOST).toList();
    List<String> names = packages.stream().limit(MOST).toList();
    return Optional.of(new Scriptlets(files, names, sentence(files, names, accounts)));
  }

  private static String sentence(List<String> unowned, List<String> packages, boolean accounts) {
    StringBuilder text = new StringBuilder("The packages are equal and the files are not");
    if (!unowned.isEmpty()) {
      text.append(": no package owns ").append(some(unowned));
    }
    if (!packages.isEmpty()) {
      text.append(unowned.isEmpty() ? ": " : "; ")
          .append("scripts of ")
          .append(some(packages))
          .append(" are likely to have made the difference");
      if (accounts) {
        text.append(
            packages.size() > 1
                ? ": their files have other owners, as accounts get that are made in another order"
                : ": its files have other owners, as accounts get that are made in another order");
      }
    }
    return text.append('.').toString();
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
        + (names.size() > NAMED
            ? String.format(Locale.ROOT, " and %,d more", names.size() - NAMED)
            : "");
  }
}
