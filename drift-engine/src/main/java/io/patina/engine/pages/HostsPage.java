package io.patina.engine.pages;

import io.patina.engine.fleet.HostView;
import io.patina.engine.fleet.Hosts.Filter;
import io.patina.engine.fleet.Listed;
import io.patina.engine.fleet.Requests;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hosts by name, filtered. */
record HostsPage(
    String now,
    String q,
    String verdict,
    String pool,
    boolean filtered,
    List<String> verdicts,
    List<String> pools,
    List<HostRow> hosts,
    @Nullable String next,
    int size) {

  /** Hosts on a page. */
  static final int SIZE = 50;

  static HostsPage from(Filter filter, List<String> pools, Listed<HostView> listed, Instant now) {
    String q = shown(filter.q());
    String verdict = shown(filter.verdict());
    String pool = shown(filter.pool());
    String query =
        "/hosts?q="
            + Words.inUrl(q)
            + "&verdict="
            + Words.inUrl(verdict)
            + "&pool="
            + Words.inUrl(pool);
    return new HostsPage(
        Words.minute(now),
        q,
        verdict,
        pool,
        !(q.isEmpty() && verdict.isEmpty() && pool.isEmpty()),
        Requests.VERDICTS,
        // Offered as they are, to be sent back: one that cannot be shown is not offered.
        pools.stream().filter(p -> p.equals(Escaped.text(p))).toList(),
        listed.items().stream().map(h -> HostRow.from(h, now)).toList(),
        listed.next() == null ? null : query + "&cursor=" + Words.inUrl(listed.next()),
        SIZE);
  }

  private static String shown(@Nullable String text) {
    return text == null ? "" : text;
  }
}
