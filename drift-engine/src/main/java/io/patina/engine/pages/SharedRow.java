package io.patina.engine.pages;

import io.patina.engine.fleet.DeviationView;
import io.patina.engine.fleet.Listed;
import io.patina.engine.fleet.SharedView;
import io.patina.verdict.DriftClass;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Deviations that a host has in common with others.
 *
 * @param alike with how many others
 * @param classes how many of which kind
 * @param next address of the next page of them; null on the last
 */
record SharedRow(
    String id,
    String title,
    String alike,
    String classes,
    Words.Time since,
    boolean open,
    List<DeviationRow> deviations,
    @Nullable String next) {

  static SharedRow from(
      UUID host, SharedView v, Listed<DeviationView> some, boolean open, Instant now) {
    long others = v.hosts() - 1;
    String counted =
        v.hosts() >= SharedView.MOST_COUNTED
            ? "more than " + Words.count(others)
            : Words.count(others);
    return new SharedRow(
        v.id(),
        Words.counted(v.deviations(), "deviation", "deviations")
            + ", found at once and kept as a set",
        others == 0
            ? "No other host has this set."
            : counted + (others == 1 ? " other host has it too." : " other hosts have it too."),
        Arrays.stream(DriftClass.values())
            .filter(c -> v.classes().containsKey(c.wireName()))
            .map(c -> c.counted(v.classes().getOrDefault(c.wireName(), 0L)))
            .collect(Collectors.joining(", ")),
        Words.Time.of(v.onset().latest(), now),
        open,
        some.items().stream().map(d -> DeviationRow.from(d, now)).toList(),
        some.next() == null
            ? null
            : "/hosts/"
                + host
                + "?shared="
                + v.id()
                + "&from="
                + Words.inUrl(some.next())
                + "#s-"
                + v.id());
  }
}
