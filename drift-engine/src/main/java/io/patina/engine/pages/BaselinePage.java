package io.patina.engine.pages;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.engine.audit.Entry;
import io.patina.engine.fleet.Baselines;
import io.patina.engine.life.Lives;
import io.patina.engine.preview.Foreseen;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** One golden baseline. */
record BaselinePage(
    String now,
    String name,
    String version,
    String state,
    List<HostPage.Detail> facts,
    String next,
    List<Moment> life,
    @Nullable RolloutPart rollout,
    @Nullable Would would,
    List<Allowed> expectations) {

  /**
   * What would change if it were active now.
   *
   * @param of how many hosts were looked at
   */
  record Would(String of, List<WouldBe> pools) {}

  /** Hosts of a pool whose verdict would go from one to another. */
  record WouldBe(String pool, String from, String to, String hosts, String examples) {}

  /** One step of its life. */
  record Moment(Words.Time at, String what, String who, String why) {}

  /** An allowed exception to the manifest. */
  record Allowed(String keys, String allowed, String reason) {}

  static BaselinePage from(
      Baselines.View b,
      Lives.View life,
      Optional<RolloutPart> rollout,
      Optional<Foreseen> foreseen,
      Instant now) {
    List<HostPage.Detail> facts = new ArrayList<>();
    Words.Time created = Words.Time.of(b.createdAt(), now);
    facts.add(
        new HostPage.Detail(
            "Made", created.minute(), created, null, "by " + Escaped.text(b.author())));
    if (b.approvedAt() != null) {
      Words.Time approved = Words.Time.of(b.approvedAt(), now);
      facts.add(
          new HostPage.Detail(
              "Approved",
              approved.minute(),
              approved,
              null,
              b.approvedBy() == null ? null : "by " + Escaped.text(b.approvedBy())));
    } else {
      facts.add(HostPage.Detail.of("Approved", "not yet", null));
    }
    facts.add(HostPage.Detail.of("Selects", BaselinesPage.selects(b.selector()), null));
    facts.add(
        HostPage.Detail.of(
            "Precedence",
            String.valueOf(life.precedence()),
            "where several select a host the highest goes first"));
    facts.add(HostPage.Detail.of("Policy", Escaped.text(b.policy()), null));
    facts.add(
        HostPage.Detail.of(
            "Manifest",
            b.manifest().substring(0, 16) + "\u2026",
            b.entries() == null ? "not fetched yet" : Words.counted(b.entries(), "fact", "facts")));
    facts.add(
        HostPage.Detail.of(
            "Statement",
            b.statement().substring(0, 16) + "\u2026",
            "key " + Escaped.text(b.signer())));
    if (b.problem() != null) {
      facts.add(HostPage.Detail.of("Cannot be used", Escaped.text(b.problem()), null));
    }
    return new BaselinePage(
        Words.minute(now),
        Escaped.text(b.name()),
        Escaped.text(b.version()),
        b.state(),
        facts,
        life.possible().isEmpty()
            ? "Nothing leads on from here."
            : "What is possible now: " + String.join(", ", life.possible()) + ".",
        life.history().stream().map(e -> moment(e, now)).toList(),
        rollout.orElse(null),
        foreseen.map(BaselinePage::would).orElse(null),
        b.predicate() == null ? List.of() : exceptions(b.predicate()));
  }

  private static Would would(Foreseen f) {
    List<WouldBe> rows = new ArrayList<>();
    for (Foreseen.Pool pool : f.pools()) {
      for (Foreseen.Change c : pool.changes()) {
        rows.add(
            new WouldBe(
                Escaped.text(pool.name()),
                c.from(),
                c.from().equals(c.to()) ? "stays" : c.to(),
                Words.counted(c.hosts(), "host", "hosts"),
                c.examples().stream()
                    .map(e -> Escaped.text(e.name()))
                    .collect(Collectors.joining(", "))));
      }
      if (pool.behind() > 0) {
        rows.add(
            new WouldBe(
                Escaped.text(pool.name()),
                "",
                "another baseline goes first",
                Words.counted(pool.behind(), "host", "hosts"),
                ""));
      }
    }
    return new Would(
        f.note() == null
            ? "All " + Words.counted(f.hosts(), "host", "hosts") + " that it selects were examined."
            : f.note(),
        rows);
  }

  private static Moment moment(Entry e, Instant now) {
    return new Moment(
        Words.Time.of(e.at(), now),
        e.action().replace("baseline.", ""),
        Escaped.text(e.subject()) + " (" + e.means() + ")",
        Escaped.text(e.why()));
  }

  private static List<Allowed> exceptions(JsonNode predicate) {
    return StreamSupport.stream(predicate.path("expectations").spliterator(), false)
        .map(
            e ->
                new Allowed(
                    text(e, "facet") + " " + text(e, "glob"), allowed(e), text(e, "reason")))
        .toList();
  }

  private static String allowed(JsonNode e) {
    String attributes =
        StreamSupport.stream(e.path("attributes").spliterator(), false)
            .map(a -> Escaped.text(a.asText()))
            .collect(Collectors.joining(", "));
    return text(e, "expect") + (attributes.isEmpty() ? "" : ": " + attributes);
  }

  private static String text(JsonNode e, String name) {
    return Escaped.text(e.path(name).asText(""));
  }
}
