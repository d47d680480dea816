package io.patina.engine.ingest;

import io.patina.engine.database.Transactions;
import io.patina.engine.history.Event;
import io.patina.engine.ingest.Lane.FenceLost;
import io.patina.engine.state.Barred;
import io.patina.engine.state.Installation;
import io.patina.engine.state.InstallationTable;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What time alone does to hosts, and what the catalogue does: verdicts that are due, silence, other
 * baselines. Only the owner of a partition does it, under the same fence as reports.
 */
@Singleton
public final class Timers {

  /** Hosts in one transaction. */
  private static final int BATCH = 200;

  private final Transactions transactions;
  private final Slices slices;
  private final Judging judging;
  private final Comparing comparing;
  private final Clock clock;

  public Timers(
      Transactions transactions, Slices slices, Judging judging, Comparing comparing, Clock clock) {
    this.clock = clock;
    this.transactions = transactions;
    this.slices = slices;
    this.judging = judging;
    this.comparing = comparing;
  }

  /** Judges hosts whose time has come, some of them if they are many. */
  public void judge(Lane lane) throws SQLException, FenceLost {
    var unused = judge(lane, Slice.UNBOUNDED);
  }

  /**
   * Judges hosts whose time has come, for as long as the slice lasts.
   *
   * @return whether more may be due
   */
  public boolean judge(Lane lane, Slice slice) throws SQLException, FenceLost {
    Instant now = clock.instant();
    List<UUID> due =
        ids(
            "select id from installation where part = ? and judge_at <= ? order by judge_at limit "
                + BATCH,
            lane,
            s -> s.setTimestamp(2, Timestamp.from(now)));
    if (due.isEmpty()) {
      return false;
    }
    boolean[] cut = {due.size() == BATCH};
    slices.run(
        lane,
        lane.position(),
        work -> {
          slices.load(lane, work, due);
          for (UUID id : due) {
            Optional<Host> host = slices.host(lane, work, id);
            if (host.isPresent()) {
              judging.judge(host.get(), work, true);
            }
            if (slice.isOver()) {
              cut[0] = true;
              break;
            }
          }
        });
    return cut[0];
  }

  /**
   * Lets hosts follow the catalogue if it has changed, and what persons have decided about them,
   * some of them if they are many.
   */
  public void follow(Lane lane) throws SQLException, FenceLost {
    var unused = follow(lane, Slice.UNBOUNDED);
  }

  /**
   * Lets hosts follow the catalogue if it has changed, and what persons have decided about them,
   * for as long as the slice lasts: those have taken the lane's turn, so that what is in memory is
   * dropped and read again.
   *
   * @return whether more of them may be behind
   */
  public boolean follow(Lane lane, Slice slice) throws SQLException, FenceLost {
    if (lane.isPositioned() && !transactions.run(lane::hasItsTurn)) {
      lane.drop();
      return false;
    }
    end(lane);
    long revision = transactions.run(Timers::revision);
    if (lane.revision() >= revision) {
      return false;
    }
    List<UUID> behind = behind(lane, revision);
    if (behind.isEmpty() && !lane.followed().equals(Lane.NOBODY)) {
      // From the beginning once more: who came meanwhile, and whom another revision concerns.
      lane.followed(Lane.NOBODY);
      behind = behind(lane, revision);
    }
    if (behind.isEmpty()) {
      lane.revision(revision);
      return false;
    }
    List<UUID> inTurn = behind;
    UUID[] last = {lane.followed()};
    slices.run(
        lane,
        lane.position(),
        work -> {
          slices.load(lane, work, inTurn);
          for (UUID id : inTurn) {
            Optional<Host> host = slices.host(lane, work, id);
            if (host.isPresent()) {
              comparing.follow(host.get(), work);
              if (host.get().isToBeJudged()) {
                judging.judge(host.get(), work, true);
              }
            }
            last[0] = id;
            if (slice.isOver()) {
              break;
            }
          }
        });
    lane.followed(last[0]);
    return true;
  }

  /** Puts an end to installations whose hosts have a later life. */
  private void end(Lane lane) throws SQLException, FenceLost {
    Map<UUID, Barred> replaced =
        transactions.run(c -> InstallationTable.replaced(c, lane.part(), BATCH));
    if (replaced.isEmpty()) {
      return;
    }
    slices.run(
        lane,
        lane.position(),
        work -> {
          slices.load(lane, work, replaced.keySet());
          for (Map.Entry<UUID, Barred> each : replaced.entrySet()) {
            Optional<Host> host = slices.host(lane, work, each.getKey());
            if (host.isPresent()) {
              end(host.get(), each.getValue(), work);
            }
          }
        });
  }

  private void end(Host host, Barred why, SliceWork work) throws SQLException {
    Installation i = host.installation();
    work.touch(host);
    i.end(why);
    comparing.end(host, work);
    work.event(
        EventData.other(
            i, Event.INSTALLATION_REPLACED, why.at(), why.at(), "reason", why.reason()));
    judging.judge(host, work, true);
  }

  private List<UUID> behind(Lane lane, long revision) throws SQLException {
    return ids(
        "select id from installation where part = ? and catalogue_revision < ? and id > ?"
            + " and announced is distinct from 'retired' order by id limit "
            + BATCH,
        lane,
        s -> {
          s.setLong(2, revision);
          s.setObject(3, lane.followed());
        });
  }

  /**
   * Finds hosts that should have been heard: those whose partition has been read to beyond their
   * deadline. While nothing is read nobody is silent.
   *
   * @param progress the partition has been read to here, by the broker's clock
   * @param lineUpSince a host has its whole time from here on: before, the line could not hear it
   */
  public void silence(Lane lane, Instant progress, Instant lineUpSince)
      throws SQLException, FenceLost {
    if (!lane.maySilence(progress)) {
      // A look takes in every host of the partition: not while nobody's time can be over.
      return;
    }
    List<UUID> overdue =
        ids(
            """
            select id from installation where part = ?
            and greatest(last_seen, ?) + (silent_after - last_seen) < ?
            and not silent and announced is distinct from 'retired' and revoked_at is null
            and not ended limit 200
            """,
            lane,
            s -> {
              s.setTimestamp(2, Timestamp.from(lineUpSince));
              s.setTimestamp(3, Timestamp.from(progress));
            });
    if (overdue.isEmpty()) {
      lane.nobodySilentUntil(transactions.run(c -> earliest(c, lane.part())));
      return;
    }
    slices.run(
        lane,
        lane.position(),
        work -> {
          slices.load(lane, work, overdue);
          for (UUID id : overdue) {
            Optional<Host> host = slices.host(lane, work, id);
            if (host.isPresent()) {
              silence(host.get(), progress, work);
            }
          }
        });
  }

  /** When the first host's time is over, whatever the line did: it may only be later. */
  private static Instant earliest(Connection connection, int part) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select min(silent_after) from installation
            where part = ? and not silent and announced is distinct from 'retired'
            """)) {
      s.setInt(1, part);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        Timestamp at = r.getTimestamp(1);
        return at == null ? Instant.MAX : at.toInstant();
      }
    }
  }

  private void silence(Host host, Instant progress, SliceWork work) throws SQLException {
    Installation i = host.installation();
    // Memory is ahead of the table: it may have been heard since.
    if (i.isSilent() || i.isRetired() || !i.contact().silentAfter().isBefore(progress)) {
      return;
    }
    i.silent(true);
    work.event(
        EventData.other(
            i,
            Event.SILENT,
            i.contact().lastSeen(),
            i.contact().silentAfter(),
            "since",
            i.contact().lastSeen().toString()));
    judging.judge(host, work, true);
  }

  /** Sets the second parameter of a query; the first is the partition. */
  @FunctionalInterface
  private interface Parameter {
    void set(PreparedStatement statement) throws SQLException;
  }

  private List<UUID> ids(String query, Lane lane, Parameter parameter) throws SQLException {
    return transactions.run(
        connection -> {
          List<UUID> ids = new ArrayList<>();
          try (PreparedStatement s = connection.prepareStatement(query)) {
            s.setInt(1, lane.part());
            parameter.set(s);
            try (ResultSet rows = s.executeQuery()) {
              while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
              }
            }
          }
          return ids;
        });
  }

  private static long revision(Connection connection) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement("select revision from catalogue");
        ResultSet rows = s.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
