package io.patina.engine.pages;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.engine.fleet.Baselines;
import io.patina.engine.fleet.Listed;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Golden baselines by name and version. */
record BaselinesPage(String now, List<Row> baselines, @Nullable String next) {

  static final int SIZE = 100;

  /** One baseline in the table. */
  record Row(
      String name,
      String version,
      String href,
      String state,
      String selects,
      String policy,
      Words.Time created) {}

  static BaselinesPage from(Listed<Baselines.View> listed, Instant now) {
    return new BaselinesPage(
        Words.minute(now),
        listed.items().stream().map(b -> row(b, now)).toList(),
        listed.next() == null ? null : "/baselines?cursor=" + Words.inUrl(listed.next()));
  }

  private static Row row(Baselines.View b, Instant now) {
    return new Row(
        Escaped.text(b.name()),
        Escaped.text(b.version()),
        "/baselines/" + b.name() + "/" + b.version(),
        b.state(),
        selects(b.selector()),
        Escaped.text(b.policy()),
        Words.Time.of(b.createdAt(), now));
  }

  /** A selector in words. */
  static String selects(JsonNode selector) {
    List<String> parts = new ArrayList<>();
    if (selector.hasNonNull("installation")) {
      parts.add("installation " + Escaped.text(selector.path("installation").asText()));
    }
    selector
        .path("labels")
        .properties()
        .forEach(
            l -> parts.add(Escaped.text(l.getKey()) + "=" + Escaped.text(l.getValue().asText())));
    return parts.isEmpty() ? "every host" : String.join(", ", parts);
  }
}
