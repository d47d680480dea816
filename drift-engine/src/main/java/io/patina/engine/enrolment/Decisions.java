package io.patina.engine.enrolment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.Transactions;
import io.patina.engine.history.Event;
import io.patina.engine.history.EventIds;
import io.patina.engine.history.EventTable;
import io.patina.engine.state.LaneTurn;
import io.patina.facts.Escaped;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What persons decide about installations and hosts. Each decision is one transaction: it takes the
 * turn of the partitions concerned, changes rows that ingest reads and never writes, numbers itself
 * on the installation, and is in its history and in the audit history.
 */
@Singleton
public final class Decisions {

  /** How long a grant waits for the report that uses it. */
  static final Duration GRANTED = Duration.ofDays(7);

  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

  private final Transactions transactions;
  private final EnrolmentConfig config;
  private final Clock clock;

  public Decisions(Transactions transactions, EnrolmentConfig config, Clock clock) {
    this.transactions = transactions;
    this.config = config;
    this.clock = clock;
  }

  /** Who decides and why. */
  public record Reason(By by, String why) {}

  /** An installation as the audit history names it. */
  static String thing(UUID installation) {
    return "installation " + installation;
  }

  /** Lets an installation whose key was only pinned into the fleet. */
  public Outcome approve(UUID id, Place place, Reason reason) throws SQLException {
    return about(
        id,
        (c, i) -> {
          if (i.revokedAt() != null) {
            return revoked(i);
          }
          if (!i.isPinned()) {
            return new Outcome.Impossible(
                "It is in the fleet already: " + i.admission() + by(i) + ".");
          }
          Instant now = now();
          LivesTable.approve(c, id, reason.by().subject(), now);
          HostTable.Placed placed = HostTable.place(c, i.host(), place);
          tell(c, i, i.host(), Event.INSTALLATION_ADMITTED, "by", reason.by().subject(), now);
          audit(c, reason, "installation.approved", thing(id), placed(placed));
          return new Outcome.Done();
        });
  }

  /** Takes no more reports of an installation, from its next one on. */
  public Outcome revoke(UUID id, Reason reason) throws SQLException {
    return about(
        id,
        (c, i) -> {
          if (i.revokedAt() != null) {
            return revoked(i);
          }
          Instant now = now();
          // It stands in the verdict's sentence, too.
          String why = Escaped.text(reason.why());
          LivesTable.revoke(c, id, Escaped.text(reason.by().subject()), why, now);
          tell(c, i, i.host(), Event.INSTALLATION_REVOKED, "reason", reason.why(), now);
          audit(c, reason, "installation.revoked", thing(id), Map.of("key", i.key()));
          return new Outcome.Done();
        });
  }

  /** Says that an installation is the next life of a host. */
  public Outcome join(UUID id, UUID host, Reason reason) throws SQLException {
    return about(
        id,
        (c, i) -> {
          if (i.host().equals(host)) {
            return new Outcome.Impossible("It is a life of that host already.");
          }
          if (i.revokedAt() != null) {
            return revoked(i);
          }
          if (i.replacedBy() != null) {
            return new Outcome.Impossible(
                "It was replaced by installation " + i.replacedBy() + ".");
          }
          if (HostTable.find(c, host).isEmpty()) {
            return new Outcome.Unknown("No host has this id.");
          }
          for (LivesTable.Row other : LivesTable.of(c, host)) {
            if (other.firstSeen().isAfter(i.firstSeen())) {
              return new Outcome.Impossible(
                  "The host's installation "
                      + other.id()
                      + " was first seen after this one: it is the later life.");
            }
          }
          Instant now = now();
          HostTable.move(c, id, i.host(), host);
          HostTable.vacate(c, i.host());
          HostTable.replaceOthers(c, host, id, now);
          HostTable.Placed placed = HostTable.place(c, host, new Place(null, Map.of()));
          if (i.isPinned()) {
            LivesTable.approve(c, id, reason.by().subject(), now);
          }
          tell(c, i, host, Event.HOST_JOINED, "from", i.host().toString(), now);
          Map<String, String> data = placed(placed);
          data.put("host", host.toString());
          data.put("from", i.host().toString());
          audit(c, reason, "installation.joined", thing(id), data);
          return new Outcome.Done();
        });
  }

  /**
   * Assigns labels, instead of those that a host has, and its pool. What selects a baseline is
   * asked again at once, and what was compared by labels is compared again.
   */
  public Outcome assign(UUID host, Place place, Reason reason) throws SQLException {
    while (true) {
      Optional<Outcome> outcome = tryToAssign(host, place, reason);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
  }

  /** Empty if the host got another life meanwhile, whose owner has its turn still. */
  private Optional<Outcome> tryToAssign(UUID host, Place place, Reason reason) throws SQLException {
    return transactions.run(
        c -> {
          Collection<Integer> turns = LivesTable.parts(LivesTable.of(c, host));
          LaneTurn.take(c, turns);
          Optional<HostTable.Placed> before = HostTable.find(c, host);
          List<LivesTable.Row> lives = LivesTable.of(c, host);
          if (!turns.containsAll(LivesTable.parts(lives))) {
            // Nothing was changed; that some gave up their turn costs them a reading.
            return Optional.empty();
          }
          if (before.isEmpty() || lives.isEmpty()) {
            return Optional.of(new Outcome.Unknown("No host has this id."));
          }
          if (before.get().pool().isEmpty()) {
            return Optional.of(
                new Outcome.Impossible("Nobody has approved this host; approve it first."));
          }
          HostTable.assign(c, host, place.pool(), place.labels());
          for (LivesTable.Row life : lives) {
            LivesTable.decided(c, life.id());
          }
          tell(c, lives.getFirst(), host, Event.LABELS_ASSIGNED, "labels", place.json(), now());
          Map<String, String> data = placed(HostTable.find(c, host).orElseThrow());
          data.put("labelsBefore", Place.json(before.get().labels()));
          data.put("poolBefore", before.get().pool());
          audit(c, reason, "labels.assigned", "host " + host, data);
          return Optional.of(new Outcome.Done());
        });
  }

  /**
   * Lets an installation in that knocks, with its next report within {@link #GRANTED}.
   *
   * @param key name of the key that the person has compared
   * @param host that it joins; empty for one of its own
   */
  public Outcome admit(UUID id, String key, Optional<UUID> host, Place place, Reason reason)
      throws SQLException {
    return transactions.run(
        c -> {
          if (LivesTable.find(c, id).isPresent()) {
            return new Outcome.Impossible(
                "It was in the fleet, and is barred from it for good. Remove the collector's state"
                    + " directory: it then comes as a new installation.");
          }
          List<KnockTable.Row> knocking = KnockTable.of(c, id);
          // Where the list is full, who knocks need not be on it: the key is what is compared.
          boolean unlisted =
              KEY.matcher(key).matches() && KnockTable.count(c) >= config.mostKnocking();
          if (knocking.isEmpty() && !unlisted) {
            return new Outcome.Unknown("No installation of this id knocks.");
          }
          if (knocking.stream().noneMatch(k -> k.key().equals(key)) && !unlisted) {
            return new Outcome.Impossible("It does not knock with that key.");
          }
          if (host.isPresent() && HostTable.find(c, host.get()).isEmpty()) {
            return new Outcome.Unknown("No host has this id.");
          }
          GrantTable.put(
              c,
              id,
              key,
              new GrantTable.Grant(host, place, reason.by().subject()),
              now().plus(GRANTED));
          Map<String, String> data = new TreeMap<>();
          data.put("key", key);
          data.put("labels", place.json());
          host.ifPresent(h -> data.put("host", h.toString()));
          audit(c, reason, "installation.admitted", thing(id), data);
          return new Outcome.Done();
        });
  }

  /** Takes back that an installation is let in, if it has not come yet. */
  public Outcome withdraw(UUID id, By by) throws SQLException {
    return transactions.run(
        c -> {
          Optional<String> key = GrantTable.withdraw(c, id);
          if (key.isEmpty()) {
            return new Outcome.Unknown("Nobody let an installation of this id in, or it has come.");
          }
          audit(
              c,
              new Reason(by, ""),
              "installation.admission-withdrawn",
              thing(id),
              Map.of("key", key.get()));
          return new Outcome.Done();
        });
  }

  /** What is decided about one installation. */
  @FunctionalInterface
  private interface Work {
    Outcome on(Connection connection, LivesTable.Row installation) throws SQLException;
  }

  private Outcome about(UUID id, Work work) throws SQLException {
    return transactions.run(
        c -> {
          Optional<LivesTable.Row> found = LivesTable.find(c, id);
          if (found.isEmpty()) {
            return new Outcome.Unknown("No installation has this id.");
          }
          LaneTurn.take(c, List.of(found.get().part()));
          // What it is now that nobody else can change it.
          LivesTable.Row i = LivesTable.find(c, id).orElseThrow();
          Outcome outcome = work.on(c, i);
          if (outcome instanceof Outcome.Done) {
            LivesTable.decided(c, id);
          }
          return outcome;
        });
  }

  private static void tell(
      Connection c, LivesTable.Row i, UUID host, String kind, String name, String text, Instant at)
      throws SQLException {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("hostname", i.hostName());
    data.put("installation", i.id().toString());
    data.put(name, Escaped.text(text));
    EventTable.insert(
        c,
        List.of(
            new Event(
                EventIds.of(i.id(), kind, "decision", i.decisions() + 1),
                host,
                i.id(),
                kind,
                at,
                data)));
  }

  private static void audit(
      Connection c, Reason reason, String action, String thing, Map<String, String> data)
      throws SQLException {
    AuditTable.append(c, new Decision(reason.by(), action, thing, reason.why(), data));
  }

  private static Map<String, String> placed(HostTable.Placed placed) {
    Map<String, String> data = new TreeMap<>();
    data.put("pool", placed.pool());
    data.put("labels", Place.json(placed.labels()));
    return data;
  }

  private static Outcome revoked(LivesTable.Row i) {
    return new Outcome.Impossible("It was revoked at " + i.revokedAt() + ".");
  }

  private static String by(LivesTable.Row i) {
    return i.admittedBy().isEmpty() ? "" : " by " + i.admittedBy();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
