package io.patina.engine.ingest;

import io.patina.engine.audit.By;
import io.patina.engine.decisions.Extent;
import io.patina.engine.maintenance.Maintenance;
import io.patina.engine.maintenance.Maintenances;
import io.patina.engine.retirement.Retirements;
import io.patina.engine.waivers.Pattern;
import io.patina.engine.waivers.Waiver;
import io.patina.engine.waivers.WaiverConfig;
import io.patina.engine.waivers.Waivers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What people decide in a scenario, by the same doors as over HTTP, and what is told of it. */
final class ScenarioDecisions {

  private static final By ALICE = new By("alice", "token");
  private static final By BOB = new By("bob", "token");
  private static final Set<String> WAIVE_WORDS = Set.of("key", "actual", "days", "approved");

  private final Workshop workshop;
  private final Clock clock;
  private final String installation;
  private final Instant beginning;
  private final Waivers waivers;
  private final Maintenances maintenances;
  private final Retirements retirements;
  private final List<UUID> granted = new ArrayList<>();
  private @Nullable Waiver waiver;
  private @Nullable Maintenance maintenance;
  private long told;

  ScenarioDecisions(Workshop workshop, Clock clock, String installation, Instant beginning) {
    this.workshop = workshop;
    this.clock = clock;
    this.installation = installation;
    this.beginning = beginning;
    this.waivers = new Waivers(workshop.transactions(), workshop.config(WaiverConfig.class), clock);
    this.maintenances = new Maintenances(workshop.transactions(), clock);
    this.retirements = new Retirements(workshop.transactions(), clock);
  }

  /** Alice asks, Bob approves. */
  void take(Map<String, Object> words) throws Exception {
    for (Map.Entry<String, Object> word : words.entrySet()) {
      switch (word.getKey()) {
        case "waive" -> waive(Scenario.map(word.getValue()));
        case "approve" -> waiver = waivers.approve(waiver().id(), BOB, "looked at");
        case "revoke" -> waiver = waivers.revoke(waiver().id(), BOB, "not needed any more");
        case "maintenance" ->
            maintenance =
                maintenances.begin(
                    extent(),
                    clock.instant().plus(Scenario.duration(word.getValue())),
                    "new disks",
                    "OPS-2",
                    ALICE);
        case "end" -> maintenance = maintenances.end(lasting().id(), ALICE, "disks are in");
        case "retire" -> {
          int unused =
              retirements.retire(Set.of(extent().host().orElseThrow()), "scaled down", ALICE);
        }
        default -> throw new IllegalArgumentException("nobody decides '" + word.getKey() + "'");
      }
    }
  }

  private void waive(Map<?, ?> words) throws Exception {
    for (Object word : words.keySet()) {
      if (!WAIVE_WORDS.contains(Scenario.text(word))) {
        throw new IllegalArgumentException("'" + word + "' is none of " + WAIVE_WORDS);
      }
    }
    String[] key = Scenario.text(words.get("key")).split(" ", 2);
    Optional<String> actual =
        Optional.ofNullable(words.get("actual"))
            .map(
                a ->
                    io.patina.manifest.Digest.of(
                            com.google.protobuf.ByteString.copyFromUtf8(Scenario.text(a)))
                        .hex());
    Waiver asked =
        waivers.grant(
            new Waivers.Wish(
                Pattern.of(key[0], key[1], Optional.empty(), actual),
                extent(),
                "a known exception",
                "OPS-1",
                "",
                words.containsKey("days")
                    ? (Integer) Integer.parseInt(Scenario.text(words.get("days")))
                    : null),
            ALICE);
    granted.add(asked.id());
    waiver = asked;
    if (!words.containsKey("approved") || Boolean.TRUE.equals(words.get("approved"))) {
      waiver = waivers.approve(asked.id(), BOB, "looked at");
    }
  }

  private Waiver waiver() {
    Waiver known = waiver;
    if (known == null) {
      throw new IllegalStateException("nothing has been waived");
    }
    return known;
  }

  private Maintenance lasting() {
    Maintenance known = maintenance;
    if (known == null) {
      throw new IllegalStateException("no maintenance has begun");
    }
    return known;
  }

  private Extent extent() throws Exception {
    return new Extent(Optional.of(UUID.fromString(host())), Optional.empty(), Map.of());
  }

  private String host() throws Exception {
    return workshop
        .rows("select host from installation where id = '" + installation + "'")
        .getFirst();
  }

  /** Kinds of events for which webhooks are called, since this was asked last. */
  List<String> told() throws Exception {
    StringBuilder of = new StringBuilder("'").append(host()).append('\'');
    granted.forEach(w -> of.append(", '").append(w).append('\''));
    List<String> kinds = new ArrayList<>();
    for (String row :
        workshop.rows(
            "select ordinal, convert_from(body, 'UTF8')::jsonb->>'type' from webhook_delivery"
                + " where host in ("
                + of
                + ") and ordinal > "
                + told
                + " order by ordinal")) {
      String[] f = row.split(" ", 2);
      told = Long.parseLong(f[0]);
      kinds.add(f[1].substring("io.patina.".length()));
    }
    return kinds;
  }

  /** What the reasons say of waivers: {@code COUNT until TIME}. */
  List<String> waived() throws Exception {
    List<String> found = new ArrayList<>();
    for (String reason :
        workshop.rows(
            "select r from installation, jsonb_array_elements_text(reasons) r where id = '"
                + installation
                + "' and r like '% waived until %'")) {
      String[] words = reason.split(" ", -1);
      Instant until = Instant.parse(words[5].substring(0, words[5].length() - 1));
      found.add(words[0] + " until " + Duration.between(beginning, until).toSeconds() + "s");
    }
    return found;
  }

  /** Types of what was mirrored to the topic of decisions about this host and its waivers. */
  List<String> mirrored() throws Exception {
    StringBuilder of = new StringBuilder("'").append(host()).append('\'');
    granted.forEach(w -> of.append(", '").append(w).append('\''));
    Maintenance known = maintenance;
    if (known != null) {
      of.append(", '").append(known.id()).append('\'');
    }
    return workshop.rows(
        "select convert_from(payload, 'UTF8')::jsonb->>'type' from outbox"
            + " where topic = 'patina.decisions.v1' and convert_from(key, 'UTF8') in ("
            + of
            + ") order by ordinal");
  }
}
