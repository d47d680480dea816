package io.patina.engine.pages;

import io.patina.engine.fleet.FleetCounts.Fleet;
import io.patina.engine.fleet.FleetCounts.Pool;
import io.patina.engine.fleet.HostView;
import io.patina.engine.fleet.UnknownImages;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fleet at a glance. */
record FleetPage(
    String now,
    String title,
    String headline,
    String detail,
    List<Share> shares,
    List<Tile> tiles,
    String attentionTitle,
    List<HostRow> attention,
    boolean moreAttention,
    List<PoolCard> pools,
    boolean singlePool,
    String legend,
    @Nullable String morePools,
    List<String> unknownImages) {

  /** Hosts that the page names. */
  static final int NAMED = 6;

  private static final int MOST_POOLS = 48;
  private static final int MOST_IMAGES = 5;
  private static final int SHARE_WIDTH = 1000;

  /** A part of the bar. */
  record Share(String verdict, int x, int width) {}

  /** One verdict with its count. */
  record Tile(String verdict, String count, String part, boolean zero, String href) {}

  /** One pool. */
  record PoolCard(
      String name,
      String href,
      String judged,
      String hosts,
      String spoken,
      DotMap map,
      List<PoolCount> counts,
      @Nullable String note) {}

  /** Hosts of one verdict in a pool. */
  record PoolCount(String verdict, String count, String href) {}

  /**
   * Makes the page.
   *
   * @param attention hosts that need a person, worst first
   * @param some the first hosts by name, shown if none needs a person
   * @param unknownImages images that hosts run and that no approved baseline is of
   */
  static FleetPage from(
      Fleet fleet,
      List<HostView> attention,
      List<HostView> some,
      List<UnknownImages.View> unknownImages,
      Instant now) {
    boolean calm = attention.isEmpty();
    List<HostView> named = calm ? some : attention;
    List<Pool> pools =
        fleet.pools().stream()
            .sorted(Comparator.comparingLong(FleetPage::trouble).reversed())
            .toList();
    boolean single = pools.size() == 1;
    return new FleetPage(
        Words.minute(now),
        title(fleet),
        headline(fleet),
        detail(fleet),
        shares(fleet),
        DotMap.ORDER.reversed().stream().map(v -> tile(v, fleet)).toList(),
        calm ? "Hosts" : "Needs attention",
        named.stream().map(h -> HostRow.from(h, now)).toList(),
        fleet.hosts() > named.size(),
        // A map of one host is no map.
        fleet.hosts() < 2
            ? List.of()
            : pools.stream().limit(MOST_POOLS).map(p -> card(p, single)).toList(),
        single,
        "Worst first; the shape says what the colour says.",
        pools.size() > MOST_POOLS
            ? "And " + Words.count(pools.size() - MOST_POOLS) + " pools with less trouble."
            : null,
        unknownImages.stream()
            .limit(MOST_IMAGES)
            .map(i -> i.image() + " on " + Words.counted(i.hosts(), "host", "hosts"))
            .toList());
  }

  private static long trouble(Pool pool) {
    long artisanal = pool.verdicts().getOrDefault("artisanal", 0L);
    long drifting = pool.verdicts().getOrDefault("drifting", 0L);
    // Artisanal share first, then drifting share, then size: in parts per million of the pool.
    return (artisanal * 1_000_000 / pool.hosts()) * 1_000_000 + drifting * 1_000_000 / pool.hosts();
  }

  private static long of(Fleet fleet, String verdict) {
    return fleet.verdicts().getOrDefault(verdict, 0L);
  }

  private static String title(Fleet fleet) {
    long artisanal = of(fleet, "artisanal");
    return artisanal == 0 ? "Fleet - Patina" : "(" + artisanal + ") Fleet - Patina";
  }

  private static String headline(Fleet fleet) {
    long hosts = fleet.hosts();
    long artisanal = of(fleet, "artisanal");
    long drifting = of(fleet, "drifting");
    if (hosts == 0) {
      return "No hosts yet.";
    }
    String all = Words.counted(hosts, "host", "hosts");
    if (artisanal > 0) {
      return artisanal == hosts
          ? (hosts == 1 ? "The one host is artisanal." : "All " + all + " are artisanal.")
          : Words.count(artisanal)
              + " of "
              + all
              + (artisanal == 1 ? " is" : " are")
              + " artisanal.";
    }
    if (drifting > 0) {
      return "No host is artisanal; "
          + Words.count(drifting)
          + " of "
          + all
          + (drifting == 1 ? " is" : " are")
          + " drifting.";
    }
    if (of(fleet, "conforming") == hosts) {
      return hosts == 1 ? "The one host is as ordered." : "All " + all + " are as ordered.";
    }
    return "No host that could be compared has drifted.";
  }

  private static String detail(Fleet fleet) {
    if (fleet.hosts() == 0) {
      return "When a collector reports for the first time, its host appears here.";
    }
    return DotMap.ORDER.reversed().stream()
            .filter(v -> of(fleet, v) > 0)
            .map(v -> Words.count(of(fleet, v)) + " " + v)
            .collect(Collectors.joining(", "))
        + ".";
  }

  /** Widths add up; whatever exists is at least four units wide, so that it can be seen. */
  private static List<Share> shares(Fleet fleet) {
    List<Share> shares = new ArrayList<>();
    List<String> present = DotMap.ORDER.stream().filter(v -> of(fleet, v) > 0).toList();
    int least = 4;
    int gap = 3;
    int free = SHARE_WIDTH - present.size() * least - Math.max(0, present.size() - 1) * gap;
    int x = 0;
    for (String v : present) {
      boolean last = v.equals(present.getLast());
      int width = least + (int) (free * of(fleet, v) / fleet.hosts());
      shares.add(new Share(v, x, last ? SHARE_WIDTH - x : width));
      x += width + gap;
    }
    return shares;
  }

  private static Tile tile(String verdict, Fleet fleet) {
    long n = of(fleet, verdict);
    return new Tile(
        verdict,
        Words.count(n),
        Words.share(n, fleet.hosts()),
        n == 0,
        "/hosts?verdict=" + verdict);
  }

  private static PoolCard card(Pool pool, boolean single) {
    DotMap map =
        single
            ? DotMap.of(pool.verdicts(), 12_000, 48, 200)
            : DotMap.of(pool.verdicts(), 2_400, 28, 60);
    String href = "/hosts?pool=" + Words.inUrl(pool.name());
    Map<String, Long> verdicts = pool.verdicts();
    List<PoolCount> counts =
        DotMap.ORDER.stream()
            .filter(v -> verdicts.getOrDefault(v, 0L) > 0)
            .map(
                v ->
                    new PoolCount(
                        v, Words.count(verdicts.getOrDefault(v, 0L)), href + "&verdict=" + v))
            .toList();
    return new PoolCard(
        Escaped.text(pool.name()),
        href,
        "/pools/" + Words.inPath(pool.name()),
        Words.counted(pool.hosts(), "host", "hosts"),
        "Pool "
            + Escaped.text(pool.name())
            + ": "
            + counts.stream()
                .map(c -> c.count() + " " + c.verdict())
                .collect(Collectors.joining(", ")),
        map,
        counts,
        map.per() > 1 ? "Each dot is up to " + Words.count(map.per()) + " hosts." : null);
  }
}
