package io.patina.engine.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.engine.catalogue.Catalogue;
import io.patina.engine.deviations.Cause;
import io.patina.engine.deviations.DeviationTable;
import io.patina.engine.deviations.GroupTable;
import io.patina.engine.deviations.ShareStep;
import io.patina.engine.deviations.ShareTable;
import io.patina.engine.deviations.SharedSets;
import io.patina.engine.deviations.Step;
import io.patina.engine.history.Event;
import io.patina.engine.history.EventTable;
import io.patina.engine.history.FleetCounts;
import io.patina.engine.history.VerdictIntervals;
import io.patina.engine.inforce.InForce;
import io.patina.engine.inforce.InForceReader;
import io.patina.engine.pools.PoolCounts;
import io.patina.engine.pools.Turn;
import io.patina.engine.pools.TurnRules;
import io.patina.engine.pools.Turns;
import io.patina.engine.reports.Decoded;
import io.patina.engine.state.Installation;
import io.patina.engine.state.InstallationTable;
import io.patina.engine.webhooks.WebhookTable;
import io.patina.facts.Facet;
import io.patina.manifest.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction of one partition has to write, collected while reports are applied and
 * written at its end in few statements. Not safe for use by several threads.
 */
final class SliceWork {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;
  private final Catalogue catalogue;
  private final Instant now;
  private final boolean webhooks;
  private final Set<Host> created = new LinkedHashSet<>();
  private final Set<Host> touched = new LinkedHashSet<>();
  private final Set<Host> verdicts = new LinkedHashSet<>();
  private final Set<Host> turned = new HashSet<>();
  private final Map<Host, List<Step>> steps = new LinkedHashMap<>();
  private final Map<UUID, List<ShareStep>> shares = new LinkedHashMap<>();
  private final Map<UUID, UUID> hostsOfShares = new HashMap<>();
  private final Map<UUID, String> tipped = new HashMap<>();
  private final Map<UUID, Instant> told = new LinkedHashMap<>();
  private final List<Event> events = new ArrayList<>();
  // Sorted: two partitions that tell of the same images wait for each other in one order.
  private final Map<String, Event> unknownImages = new TreeMap<>();
  private @Nullable Turns turns;
  private final List<Decoded.Refused> refused = new ArrayList<>();
  private final List<Consumer<IngestFigures>> figures = new ArrayList<>();
  private final Notices notices = new Notices();
  private @Nullable InForce decided;

  /**
   * @param catalogue as this transaction sees it
   * @param now the engine's clock, for what time alone decides
   */
  SliceWork(Connection connection, Catalogue catalogue, Instant now, boolean webhooks) {
    this.connection = connection;
    this.catalogue = catalogue;
    this.now = now;
    this.webhooks = webhooks;
  }

  Connection connection() {
    return connection;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  Instant now() {
    return now;
  }

  /** What people decided that is in force, as this transaction sees it. */
  InForce decided(InForceReader reader) throws SQLException {
    InForce known = decided;
    if (known == null) {
      known = reader.read(connection);
      decided = known;
    }
    return known;
  }

  /** What of this transaction is not told. */
  Notices notices() {
    return notices;
  }

  /** A host without rows; they are made at once, for others refer to them. */
  void create(Host host) throws SQLException {
    InstallationTable.insert(connection, List.of(host.installation()));
    created.add(host);
    touched.add(host);
  }

  void touch(Host host) {
    touched.add(host);
  }

  Collection<Host> touched() {
    return touched;
  }

  /** Whether its rows are made by this transaction. */
  boolean creates(Host host) {
    return created.contains(host);
  }

  /**
   * A new verdict.
   *
   * @param sentence since when it is artisanal and what tipped it, if it is
   */
  void verdict(Host host, Optional<String> sentence) {
    verdicts.add(host);
    sentence.ifPresent(s -> tipped.put(host.installation().id(), s));
  }

  /** It began to be other than ordered. */
  void turned(Host host) {
    turned.add(host);
  }

  void steps(Host host, List<Step> more) {
    steps.computeIfAbsent(host, h -> new ArrayList<>()).addAll(more);
    for (Step step : more) {
      String facet = step.deviation().difference().key().facet();
      // A facet's name is the host's word: only known ones become names of figures.
      String named = Facet.named(facet).isPresent() ? facet : "other";
      if (step instanceof Step.Opened) {
        figures.add(f -> f.opened(named));
      } else if (step instanceof Step.Closed) {
        figures.add(f -> f.closed(named));
      }
    }
  }

  /** Pools that turned together, as this transaction sees them. */
  Turns turns() throws SQLException {
    Turns known = turns;
    if (known == null) {
      known = Turns.read(connection);
      turns = known;
    }
    return known;
  }

  /** The turn of its pool that a host is part of. */
  Optional<Turn> turn(Installation i) throws SQLException {
    Digest baseline = i.compared().baseline();
    return baseline == null ? Optional.empty() : turns().of(i.pool(), baseline);
  }

  /** What happened to a host's parts in sets. */
  void shares(Host host, List<ShareStep> more) {
    if (!more.isEmpty()) {
      Installation i = host.installation();
      shares.computeIfAbsent(i.id(), id -> new ArrayList<>()).addAll(more);
      hostsOfShares.put(i.id(), i.host());
    }
  }

  /** How many members new sets may have in this transaction. */
  int roomInSets() {
    return SharedSets.MOST_OF_A_HOST - ShareTable.members(shares);
  }

  /** A group has been told. */
  void told(UUID group, Instant at) {
    told.put(group, at);
  }

  void event(Event event) {
    events.add(event);
  }

  /**
   * A host runs an image that no approved baseline is of. All hosts of one image make one event:
   * whoever is the first tells it.
   */
  void imageUnknown(Installation i, Instant at) {
    unknownImages.putIfAbsent(i.image().name(), EventData.image(i, at, catalogue.revision()));
  }

  /** An empty tree for an event's data. */
  static ObjectNode data() {
    return JSON.createObjectNode();
  }

  void refuse(Decoded.Refused letter) {
    refused.add(letter);
    report(letter.why().wireName());
  }

  /** Counts a report, once the transaction has been committed. */
  void report(String outcome) {
    figures.add(f -> f.report(outcome));
  }

  /** Writes everything. */
  void write(int part, DeadLetters deadLetters, TurnRules rules) throws SQLException {
    List<Installation> contacts = new ArrayList<>();
    List<Installation> whole = new ArrayList<>();
    List<Installation> followed = new ArrayList<>();
    FleetCounts counts = new FleetCounts();
    PoolCounts pools = new PoolCounts();
    for (Host host : touched) {
      Installation i = host.installation();
      if (i.hasContactChanged()) {
        contacts.add(i);
      }
      boolean all = i.hasChanged() || created.contains(host);
      if (i.hasFollowed() && !all) {
        followed.add(i);
      }
      if (all) {
        whole.add(i);
        Optional<FleetCounts.Place> before = host.counted();
        before.ifPresent(counts::leave);
        FleetCounts.Place.of(i).ifPresent(counts::enter);
        host.countedInPool().ifPresent(pools::leave);
        PoolCounts.Place.of(i).ifPresent(pools::enter);
        Digest baseline = i.compared().baseline();
        if (baseline != null
            && PoolCounts.Place.of(i).isPresent()
            && Turn.isTurned(i.standing().verdict())
            && turned.contains(host)
            && before.filter(b -> Turn.isTurnedWord(b.verdict())).isEmpty()
            && host.turnsAnew(baseline, now, rules.within())) {
          turns().turned(i.pool(), baseline, now);
        }
      }
    }
    ToldOfImages.forget(connection, unknownImages);
    InstallationTable.updateContacts(connection, contacts);
    InstallationTable.updateRevisions(connection, followed);
    InstallationTable.update(connection, whole);
    for (Map.Entry<Host, List<Step>> each : steps.entrySet()) {
      Installation i = each.getKey().installation();
      DeviationTable.write(connection, i.id(), i.host(), each.getValue());
      GroupTable.write(connection, i.id(), i.host(), each.getValue());
    }
    ShareTable.write(connection, hostsOfShares, shares);
    GroupTable.told(connection, told);
    VerdictIntervals.begin(connection, verdicts.stream().map(Host::installation).toList(), tipped);
    counts.write(connection, part);
    pools.write(connection, part);
    Turns known = turns;
    if (known != null) {
      known.write(part, rules, now, webhooks);
    }
    events.addAll(0, unknownImages.values());
    ToldOfImages.silence(connection, touched, events, notices);
    Set<Event> quiet = quiet();
    List<Event> sent = EventTable.insert(connection, events, e -> !quiet.contains(e));
    if (webhooks) {
      WebhookTable.enqueue(connection, sent.stream().filter(notices::isTold).toList());
    }
    notices.write(connection);
    deadLetters.write(connection, part, refused);
    Notifications.send(connection, touched.stream().filter(h -> h.installation().hasChanged()));
  }

  /**
   * What is kept of hosts and not told, because their pool is told of as one: that they turned, and
   * what the baseline is the cause of.
   */
  private Set<Event> quiet() throws SQLException {
    Set<Event> quiet = new HashSet<>();
    if (events.isEmpty() || turns().all().isEmpty()) {
      return quiet;
    }
    Map<UUID, Installation> inTurn = new HashMap<>();
    for (Host host : touched) {
      if (turn(host.installation()).isPresent()) {
        inTurn.put(host.installation().id(), host.installation());
      }
    }
    for (Event e : events) {
      Installation i = inTurn.get(e.installation());
      if (i != null
          && (e.kind().equals(Event.VERDICT_CHANGED)
              ? Turn.isTurned(i.standing().verdict())
              : e.data().path("cause").asText().equals(Cause.BASELINE_CHANGED.wireName()))) {
        quiet.add(e);
      }
    }
    return quiet;
  }

  /** What was written is so: memory follows. */
  void committed(IngestFigures into) {
    for (Host host : touched) {
      if (host.installation().hasChanged() || created.contains(host)) {
        host.counted(FleetCounts.Place.of(host.installation()));
        host.countedInPool(PoolCounts.Place.of(host.installation()));
      }
      host.installation().written();
    }
    figures.forEach(f -> f.accept(into));
  }
}
