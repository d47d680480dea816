package io.patina.engine.pages;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.engine.fleet.Baselines;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** One golden baseline. */
record BaselinePage(
    String now,
    String name,
    String version,
    String state,
    List<HostPage.Detail> facts,
    List<Allowed> expectations) {

  /** An allowed exception to the manifest. */
  record Allowed(String keys, String allowed, String reason) {}

  static BaselinePage from(Baselines.View b, Instant now) {
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
        b.predicate() == null ? List.of() : exceptions(b.predicate()));
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
