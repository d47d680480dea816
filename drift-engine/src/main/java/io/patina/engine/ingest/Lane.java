package io.patina.engine.ingest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One partition that this replica owns, or believes it owns: where it is, the fence that proves it,
 * and the hosts in memory. Whatever is in memory is worth something only while the fence holds. Not
 * safe for use by several threads.
 */
public final class Lane {

  /** The fence did not hold: another replica has gone on. */
  public static final class FenceLost extends Exception {
    public FenceLost(int part) {
      super("partition " + part + " has gone on without this replica");
    }
  }

  /** Before all others. */
  static final UUID NOBODY = new UUID(0, 0);

  /** All hosts are looked at when this part of them may have become warm: one of so many. */
  private static final int LOOK = 8;

  /** Installations whose records between two offsets cannot be applied. */
  private record Quarantine(Set<UUID> installations, long from, long to) {}

  private final String topicId;
  private final int part;
  private final List<Quarantine> quarantines = new ArrayList<>();
  private final Map<UUID, Host> hosts = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<Host> unwritten = new LinkedHashSet<>();
  private int warmed;

  private boolean positioned;
  private long next;
  private long turn;
  private long position;
  private Instant progress = Instant.EPOCH;
  private long lastFlush = System.nanoTime();
  private long revision = -1;
  private DecisionProgress decisions = new DecisionProgress();
  private UUID followed = NOBODY;
  private Instant nobodySilentUntil = Instant.MIN;

  public Lane(String topicId, int part) {
    this.topicId = topicId;
    this.part = part;
  }

  public int part() {
    return part;
  }

  public String topicId() {
    return topicId;
  }

  /** Whether it knows where it is. */
  public boolean isPositioned() {
    return positioned;
  }

  /** The next record to take. */
  public long position() {
    return position;
  }

  /** Offset that the table holds: records from here on are read again after a crash. */
  public long stored() {
    return next;
  }

  /** Consumed up to here, by the broker's clock. */
  public Instant progress() {
    return progress;
  }

  public void progress(Instant at) {
    if (at.isAfter(progress)) {
      progress = at;
    }
  }

  /** A record has been taken into memory. */
  void took(long offset) {
    position = offset + 1;
  }

  /** The last host, in the order of ids, that has followed the catalogue on this round. */
  UUID followed() {
    return followed;
  }

  void followed(UUID last) {
    followed = last;
  }

  /** Whether a host may be silent by now: its time can be over. */
  boolean maySilence(Instant moment) {
    return moment.isAfter(nobodySilentUntil);
  }

  /** Nobody is silent before this moment, as far as the table is known. */
  void nobodySilentUntil(Instant moment) {
    nobodySilentUntil = moment;
  }

  /** A host's time is over at this moment unless it is heard. */
  void expects(Instant moment) {
    if (moment.isBefore(nobodySilentUntil)) {
      nobodySilentUntil = moment;
    }
  }

  /** Catalogue revision for which its hosts have been looked through. */
  long revision() {
    return revision;
  }

  void revision(long revision) {
    this.revision = revision;
  }

  /** How far its hosts have followed what people decide. */
  DecisionProgress decisions() {
    return decisions;
  }

  /** Whether memory is ahead of the table for longer than this. */
  public boolean isDue(long nanos) {
    return positioned && position > next && System.nanoTime() - lastFlush >= nanos;
  }

  /** Records of these installations from one offset to before another are not to be applied. */
  void quarantine(Set<UUID> installations, long from, long to) {
    quarantines.add(new Quarantine(Set.copyOf(installations), from, to));
  }

  boolean isQuarantined(UUID installation, long offset) {
    return quarantines.stream()
        .anyMatch(
            q -> q.from() <= offset && offset < q.to() && q.installations().contains(installation));
  }

  /** Forgets everything in memory and where it is; quarantines stay until they are passed. */
  public void drop() {
    hosts.clear();
    unwritten.clear();
    positioned = false;
    revision = -1;
    decisions = new DecisionProgress();
    followed = NOBODY;
    nobodySilentUntil = Instant.MIN;
  }

  /** Reads where it is. */
  public void read(Connection connection) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "select next, turn from partition_offset where topic_id = ? and part = ?")) {
      s.setString(1, topicId);
      s.setInt(2, part);
      try (ResultSet rows = s.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("partition " + part + " of topic " + topicId + " has no row");
        }
        hosts.clear();
        unwritten.clear();
        next = rows.getLong(1);
        turn = rows.getLong(2);
        position = next;
        positioned = true;
        lastFlush = System.nanoTime();
      }
    }
  }

  /**
   * Whether nobody has taken its turn since it last wrote. Says nothing of what comes after: only
   * the fence does.
   */
  boolean hasItsTurn(Connection connection) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "select turn from partition_offset where topic_id = ? and part = ?")) {
      s.setString(1, topicId);
      s.setInt(2, part);
      try (ResultSet rows = s.executeQuery()) {
        return rows.next() && rows.getLong(1) == turn;
      }
    }
  }

  /**
   * The first statement of every transaction: goes on to the position, if nobody else has gone on.
   *
   * @param to next record after this transaction
   */
  public void fence(Connection connection, long to) throws SQLException, FenceLost {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update partition_offset set next = ?, turn = turn + 1,
              progress_at = greatest(progress_at, ?)
            where topic_id = ? and part = ? and next = ? and turn = ?
            """)) {
      s.setLong(1, to);
      s.setTimestamp(2, Timestamp.from(progress));
      s.setString(3, topicId);
      s.setInt(4, part);
      s.setLong(5, next);
      s.setLong(6, turn);
      if (s.executeUpdate() != 1) {
        throw new FenceLost(part);
      }
    }
  }

  /** The transaction was committed. */
  void committed(long to) {
    unwritten.clear();
    quarantines.removeIf(q -> q.to() <= to);
    next = to;
    turn++;
    position = to;
    lastFlush = System.nanoTime();
  }

  Optional<Host> host(UUID installation) {
    return Optional.ofNullable(hosts.get(installation));
  }

  void keep(Host host) {
    hosts.put(host.installation().id(), host);
  }

  /** The host has been heard, which is written with the next transaction. */
  void heard(Host host) {
    unwritten.add(host);
  }

  /** Hosts heard since the table was written. */
  Collection<Host> unwritten() {
    return unwritten;
  }

  /**
   * Lets go of the hosts used least recently, beyond these numbers; never of unwritten ones.
   *
   * @param worked hosts that have been worked on since, which may have become warm: all are looked
   *     at only when these may make a difference
   */
  void trim(int mostHosts, int mostWarm, Collection<Host> worked) {
    for (Host host : worked) {
      warmed += host.warmth();
    }
    if (warmed * LOOK >= mostWarm) {
      warmed = 0;
      cool(mostWarm);
    }
    int over = hosts.size() - mostHosts;
    if (over <= 0) {
      return;
    }
    List<UUID> oldest = new ArrayList<>(over);
    for (Map.Entry<UUID, Host> each : hosts.entrySet()) {
      if (oldest.size() == over) {
        break;
      }
      if (!each.getValue().installation().hasContactChanged()) {
        oldest.add(each.getKey());
      }
    }
    oldest.forEach(hosts::remove);
  }

  private void cool(int mostWarm) {
    int warm = 0;
    for (Host host : hosts.values()) {
      warm += host.warmth();
    }
    for (Host host : hosts.values()) {
      if (warm <= mostWarm) {
        return;
      }
      warm -= host.warmth();
      host.cool();
    }
  }

  /** For logs. */
  @Override
  public String toString() {
    return "partition " + part + " at " + position;
  }
}
