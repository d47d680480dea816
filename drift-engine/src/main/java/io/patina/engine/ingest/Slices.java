package io.patina.engine.ingest;

import io.patina.engine.catalogue.CatalogueReader;
import io.patina.engine.database.SqlFailure;
import io.patina.engine.database.Transactions;
import io.patina.engine.history.Event;
import io.patina.engine.ingest.Lane.FenceLost;
import io.patina.engine.reports.Content;
import io.patina.engine.reports.Continuity;
import io.patina.engine.reports.Decoded;
import io.patina.engine.reports.Decoded.Accepted;
import io.patina.engine.reports.Decoded.Refused;
import io.patina.engine.reports.Refusal;
import io.patina.engine.state.Contact;
import io.patina.engine.state.Installation;
import io.patina.engine.state.InstallationTable;
import io.patina.engine.state.StateConfig;
import io.patina.engine.state.Sync;
import io.patina.engine.webhooks.Webhooks;
import io.patina.facts.Escaped;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Gives each slice of a partition one transaction. If the database refuses rows, the host that they
 * belong to is found by halving and its records become dead letters; the others go on.
 */
@Singleton
public final class Slices {

  private static final Logger LOG = Logger.getLogger(Slices.class);

  /** What is done to hosts within a transaction that is fenced. */
  @FunctionalInterface
  interface Task {
    void on(SliceWork work) throws SQLException;
  }

  /** An unchecked failure while one installation's report was applied. */
  private static final class Culprit extends RuntimeException {
    private final UUID installation;

    Culprit(UUID installation, RuntimeException cause) {
      super(cause);
      this.installation = installation;
    }
  }

  /** Carries the lost fence through the transaction's functional interface. */
  private static final class FenceLostInside extends RuntimeException {
    private final FenceLost lost;

    FenceLostInside(FenceLost lost) {
      super(lost);
      this.lost = lost;
    }
  }

  private final Transactions transactions;
  private final CatalogueReader catalogue;
  private final HostReports reports;
  private final Judging judging;
  private final DeadLetters deadLetters;
  private final IngestFigures figures;
  private final Webhooks webhooks;
  private final IngestConfig config;
  private final StateConfig state;
  private final Clock clock;

  @SuppressWarnings("TooManyParameters") // the one place where the parts of ingest meet
  public Slices(
      Transactions transactions,
      CatalogueReader catalogue,
      HostReports reports,
      Judging judging,
      DeadLetters deadLetters,
      IngestFigures figures,
      Webhooks webhooks,
      IngestConfig config,
      StateConfig state,
      Clock clock) {
    this.transactions = transactions;
    this.catalogue = catalogue;
    this.reports = reports;
    this.judging = judging;
    this.deadLetters = deadLetters;
    this.figures = figures;
    this.webhooks = webhooks;
    this.config = config;
    this.state = state;
    this.clock = clock;
  }

  /**
   * Takes decoded records of one partition, in order, from the lane's position on. The lane may
   * have been dropped afterwards without an exception: then the records must be read again, with
   * some hosts of them in quarantine.
   *
   * @throws FenceLost if another replica has gone on; nothing was written, the lane is dropped
   * @throws SQLException if the database is away; nothing was written, the lane is dropped
   */
  public void take(Lane lane, List<Decoded> slice) throws SQLException, FenceLost {
    int quick = 0;
    while (quick < slice.size() && stillSo(lane, slice.get(quick))) {
      lane.took(slice.get(quick).arrival().offset());
      quick++;
    }
    List<Decoded> rest = slice.subList(quick, slice.size());
    if (!rest.isEmpty()) {
      long end = rest.getLast().arrival().offset() + 1;
      lane.progress(rest.getLast().arrival().at());
      takeSlowly(lane, rest, end);
    } else if (lane.isDue(config.flush().toNanos())) {
      flush(lane);
    }
  }

  /** Writes what heartbeats have changed in memory, and the offset. */
  public void flush(Lane lane) throws SQLException, FenceLost {
    run(lane, lane.position(), work -> {});
  }

  boolean callsWebhooks() {
    return webhooks.isOn();
  }

  /** Does something to hosts under the lane's fence. */
  void run(Lane lane, long to, Task task) throws SQLException, FenceLost {
    boolean done = false;
    try {
      SliceWork work =
          transactions.run(
              connection -> {
                SliceWork begun = begin(connection, lane, to);
                task.on(begun);
                begun.write(lane.part(), deadLetters, judging.turns());
                return begun;
              });
      lane.committed(to);
      work.committed(figures);
      work.touched().forEach(h -> lane.expects(h.installation().contact().silentAfter()));
      lane.trim(config.hostsInMemory(), state.warmHosts(), work.touched());
      done = true;
    } catch (FenceLostInside e) {
      figures.fenceLost();
      throw e.lost;
    } finally {
      if (!done) {
        // What is in memory may be ahead of the tables: they are right.
        lane.drop();
      }
    }
  }

  private SliceWork begin(Connection connection, Lane lane, long to) throws SQLException {
    try {
      lane.fence(connection, to);
    } catch (FenceLost e) {
      throw new FenceLostInside(e);
    }
    SliceWork work =
        new SliceWork(connection, catalogue.read(connection), clock.instant(), webhooks.isOn());
    lane.unwritten().forEach(work::touch);
    return work;
  }

  /** The host, from memory or from the tables; empty if it is not known. */
  Optional<Host> host(Lane lane, SliceWork work, UUID id) throws SQLException {
    Optional<Host> known = lane.host(id);
    if (known.isEmpty()) {
      load(lane, work, List.of(id));
      known = lane.host(id);
    }
    return known;
  }

  /** Reads hosts that are not in memory, in one statement. */
  void load(Lane lane, SliceWork work, Collection<UUID> ids) throws SQLException {
    List<UUID> unknown = ids.stream().filter(id -> lane.host(id).isEmpty()).toList();
    for (Installation i : InstallationTable.read(work.connection(), unknown)) {
      lane.keep(new Host(i, false));
    }
  }

  /**
   * The fast way: a heartbeat of a host that is known and well needs no transaction of its own. It
   * is in memory only until the next one, which is at most a few seconds away.
   */
  private boolean stillSo(Lane lane, Decoded decoded) {
    if (!(decoded instanceof Accepted a) || !(a.content() instanceof Content.StillSo still)) {
      return false;
    }
    Optional<Host> known = lane.host(a.installation());
    if (known.isEmpty()) {
      return false;
    }
    Installation i = known.get().installation();
    Contact c = i.contact();
    boolean quiet =
        i.publicKey().equals(a.report().getPublicKey())
            && a.incarnation().equals(c.incarnation())
            && a.sequence() == c.sequence() + 1
            && !i.isSilent()
            && !i.isRetired()
            && i.barred().isEmpty()
            && i.conflict().isEmpty()
            && i.sync().kind() == Sync.Kind.PROVEN
            && !i.isSkewedAnew(-a.way().toMillis())
            && still.fingerprint().equals(i.observation().fingerprint())
            && still
                .coverage()
                .map(coverage -> HostReports.covered(i, coverage).equals(i.observation()))
                .orElse(true);
    if (!quiet) {
      return false;
    }
    i.contact(
        new Contact(
            a.arrival().at(),
            a.reportedAt(),
            a.seenAt(),
            c.incarnation(),
            a.sequence(),
            Continuity.remember(c.recent(), a.report().getSignature()),
            still.intervalSeconds()));
    known.get().tookItsWay(a.way(), a.arrival().at());
    lane.heard(known.get());
    lane.progress(a.arrival().at());
    figures.report("heartbeat");
    return true;
  }

  private void takeSlowly(Lane lane, List<Decoded> slice, long end) throws SQLException, FenceLost {
    long beginning = slice.getFirst().arrival().offset();
    try {
      run(lane, end, work -> apply(lane, slice, work));
    } catch (Culprit culprit) {
      LOG.errorf(
          culprit.getCause(),
          "installation %s: a report could not be applied",
          culprit.installation);
      lane.quarantine(Set.of(culprit.installation), beginning, end);
    } catch (SQLException e) {
      if (!SqlFailure.isData(e)) {
        throw e;
      }
      Set<UUID> culprits = culprits(lane, slice);
      // The message itself would show the rows, and rows hold what files hold.
      LOG.errorf(
          "partition %d: rows refused of %s sqlstate=%s", lane.part(), culprits, e.getSQLState());
      if (culprits.isEmpty()) {
        throw new SQLException("rows are refused that belong to no host of the slice", e);
      }
      lane.quarantine(culprits, beginning, end);
    }
  }

  /** Finds the hosts whose rows are refused, by trying halves and rolling back. */
  private Set<UUID> culprits(Lane lane, List<Decoded> slice) throws SQLException {
    Set<UUID> suspects = new LinkedHashSet<>();
    for (Decoded d : slice) {
      if (d instanceof Accepted a && !lane.isQuarantined(a.installation(), d.arrival().offset())) {
        suspects.add(a.installation());
      }
    }
    Set<UUID> found = new HashSet<>();
    halve(lane, slice, new ArrayList<>(suspects), found);
    return found;
  }

  private void halve(Lane lane, List<Decoded> slice, List<UUID> suspects, Set<UUID> found)
      throws SQLException {
    if (suspects.isEmpty() || !isRefused(lane, slice, suspects)) {
      return;
    }
    if (suspects.size() == 1) {
      found.add(suspects.getFirst());
      return;
    }
    int half = suspects.size() / 2;
    halve(lane, slice, suspects.subList(0, half), found);
    halve(lane, slice, suspects.subList(half, suspects.size()), found);
  }

  private boolean isRefused(Lane lane, List<Decoded> slice, List<UUID> only) throws SQLException {
    Lane trial = new Lane(lane.topicId(), lane.part());
    List<Decoded> theirs =
        slice.stream()
            .filter(d -> d instanceof Accepted a && only.contains(a.installation()))
            .toList();
    try {
      transactions.tryOut(
          connection -> {
            SliceWork work =
                new SliceWork(
                    connection, catalogue.read(connection), clock.instant(), webhooks.isOn());
            apply(trial, theirs, work);
            work.write(lane.part(), deadLetters, judging.turns());
          });
      return false;
    } catch (Culprit e) {
      return true;
    } catch (SQLException e) {
      if (SqlFailure.isData(e)) {
        return true;
      }
      throw e;
    }
  }

  private void apply(Lane lane, List<Decoded> slice, SliceWork work) throws SQLException {
    Set<UUID> ids = new LinkedHashSet<>();
    for (Decoded d : slice) {
      if (d instanceof Accepted a) {
        ids.add(a.installation());
      }
    }
    load(lane, work, ids);
    for (Decoded d : slice) {
      switch (d) {
        case Refused refused -> work.refuse(refused);
        case Accepted a -> {
          if (lane.isQuarantined(a.installation(), a.arrival().offset())) {
            quarantine(lane, a, work);
          } else {
            apply(lane, a, work);
          }
        }
      }
    }
    for (Host host : List.copyOf(work.touched())) {
      if (host.isToBeJudged()) {
        judging.judge(host, work, false);
      }
    }
  }

  private void apply(Lane lane, Accepted report, SliceWork work) throws SQLException {
    try {
      Optional<Host> host = lane.host(report.installation());
      if (host.isEmpty()) {
        host = reports.appear(report, work);
        host.ifPresent(lane::keep);
      }
      if (host.isPresent()) {
        reports.apply(host.get(), report, work);
      }
    } catch (RuntimeException e) {
      throw new Culprit(report.installation(), e);
    }
  }

  private static void quarantine(Lane lane, Accepted report, SliceWork work) {
    String text = "its rows are refused";
    work.refuse(new Refused(report.arrival(), Refusal.DATA_ERROR, Escaped.text(text)));
    Optional<Host> host = lane.host(report.installation());
    if (host.isPresent()) {
      Installation i = host.get().installation();
      work.touch(host.get());
      if (i.sync().kind() == Sync.Kind.PROVEN) {
        i.sync(new Sync(Sync.Kind.OUT_OF_SYNC, report.arrival().at(), text));
        host.get().mustBeJudged();
        work.event(EventData.report(i, report, Event.OUT_OF_SYNC, "reason", text));
      }
    }
  }
}
