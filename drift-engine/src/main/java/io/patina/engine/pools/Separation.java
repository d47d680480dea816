package io.patina.engine.pools;

import io.patina.engine.pools.Way.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What separates the hosts of a pool: the largest part of them, and each other part with the facts
 * in which it is otherwise. Pure.
 */
final class Separation {

  /** Facts that a sentence names. */
  private static final int NAMED = 3;

  private Separation() {}

  /**
   * The facts in which one way of differing is other than another, by {@code FACET KEY}: the one of
   * the two that differs from the baseline, or the second if both do.
   */
  static Map<String, Item> between(Way base, Way other) {
    Map<String, Item> separating = new TreeMap<>();
    base.items()
        .forEach(
            (key, item) -> {
              if (!other.items().containsKey(key) && other.complete()) {
                separating.put(key, item);
              }
            });
    other
        .items()
        .forEach(
            (key, item) -> {
              Item same = base.items().get(key);
              if (same == null ? base.complete() : !same.how().equals(item.how())) {
                separating.put(key, item);
              }
            });
    return separating;
  }

  /**
   * One sentence, such as {@code 998 hosts are identical, 2 differ in file /etc/motd}.
   *
   * @param ways the largest first
   * @param hosts all of them, those of ways that are not given included
   */
  static String sentence(List<Way> ways, long hosts, long signatures) {
    if (ways.isEmpty()) {
      return "No host is held against this.";
    }
    Way base = ways.getFirst();
    String alike = counted(base.hosts(), "host is", "hosts are");
    String as = base.signature().isEmpty() ? " as ordered" : " identical";
    if (base.hosts() == hosts && base.signature().isEmpty()) {
      return (hosts == 1 ? "The one host is" : "All " + alike) + as + ".";
    }
    if (base.hosts() == hosts) {
      return hosts == 1
          ? "The one host deviates."
          : String.format(Locale.ROOT, "All %,d hosts deviate alike.", hosts);
    }
    TreeSet<String> keys = new TreeSet<>();
    for (Way other : ways.subList(1, ways.size())) {
      keys.addAll(between(base, other).keySet());
    }
    long others = hosts - base.hosts();
    List<String> named = new ArrayList<>(keys).subList(0, Math.min(NAMED, keys.size()));
    String in =
        named.isEmpty()
            ? ""
            : " in "
                + String.join(", ", named)
                + (keys.size() > NAMED
                    ? String.format(Locale.ROOT, " and %,d more", keys.size() - NAMED)
                    : "");
    long kinds = signatures - 1;
    return String.format(
        Locale.ROOT,
        "%s%s, %,d %s%s%s.",
        alike,
        as,
        others,
        others == 1 ? "differs" : "differ",
        in,
        kinds > 1 ? String.format(Locale.ROOT, ", in %,d ways", kinds) : "");
  }

  private static String counted(long n, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? one : many);
  }
}
