package io.patina.engine.deviations;

import io.patina.engine.state.Since;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of groups. */
public final class GroupTable {

  /** What one transaction changes of one group. */
  private static final class Change {
    private final Deviation first;
    private final Instant observedAt;
    private long joined;
    private Since onset;
    private Instant latest;

    Change(Deviation d, Instant observedAt) {
      this.first = d;
      this.observedAt = observedAt;
      this.onset = d.onset();
      this.latest = d.onset().latest();
    }

    void join(Deviation d) {
      joined++;
      Instant at = d.onset().latest();
      onset = at.isBefore(onset.latest()) ? d.onset() : onset;
      latest = at.isAfter(latest) ? at : latest;
    }
  }

  private GroupTable() {}

  /** Groups of an installation that have been told, of those of which something is open. */
  public static Set<UUID> readTold(Connection connection, UUID installation) throws SQLException {
    Set<UUID> told = new HashSet<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select distinct g.id from deviation d join deviation_group g on g.id = d.group_id
            where d.installation = ? and d.end_latest is null and g.told_at is not null
            """)) {
      s.setObject(1, installation);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          told.add(r.getObject(1, UUID.class));
        }
      }
    }
    return told;
  }

  /** Counts what has joined and left groups of one installation. */
  public static void write(Connection connection, UUID installation, UUID host, List<Step> steps)
      throws SQLException {
    Map<UUID, Change> changes = new LinkedHashMap<>();
    Map<UUID, Long> left = new LinkedHashMap<>();
    for (Step step : steps) {
      switch (step) {
        case Step.Opened opened -> join(changes, opened);
        case Step.Changed changed -> move(changed.before(), changed, changes, left);
        case Step.Explained explained -> move(explained.before(), explained, changes, left);
        case Step.Listed listed -> {}
        case Step.Restless restless -> {}
        case Step.Closed closed -> {}
      }
    }
    insert(connection, installation, host, changes);
    leave(connection, left);
  }

  private static void move(
      @Nullable UUID before, Step step, Map<UUID, Change> changes, Map<UUID, Long> left) {
    if (!Objects.equals(before, step.deviation().group())) {
      if (before != null) {
        left.merge(before, 1L, Long::sum);
      }
      join(changes, step);
    }
  }

  private static void join(Map<UUID, Change> changes, Step step) {
    Deviation d = step.deviation();
    UUID group = d.group();
    if (group != null) {
      changes.computeIfAbsent(group, g -> new Change(d, step.circumstances().observedAt())).join(d);
    }
  }

  private static void insert(
      Connection connection, UUID installation, UUID host, Map<UUID, Change> changes)
      throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into deviation_group as g (id, installation, host, cause, actor, because,
              deviations, onset_earliest, onset_latest, latest, observed_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do update set deviations = g.deviations + excluded.deviations,
              latest = greatest(g.latest, excluded.latest)
            """)) {
      for (Map.Entry<UUID, Change> each : changes.entrySet()) {
        Change c = each.getValue();
        s.setObject(1, each.getKey());
        s.setObject(2, installation);
        s.setObject(3, host);
        s.setString(4, c.first.cause().wireName());
        s.setString(5, c.first.evidence().actor());
        s.setString(6, c.first.evidence().because());
        s.setLong(7, c.joined);
        s.setTimestamp(8, timestamp(c.onset.earliest()));
        s.setTimestamp(9, Timestamp.from(c.onset.latest()));
        s.setTimestamp(10, Timestamp.from(c.latest));
        s.setTimestamp(11, Timestamp.from(c.observedAt));
        s.addBatch();
      }
      s.executeBatch();
    }
  }

  private static void leave(Connection connection, Map<UUID, Long> left) throws SQLException {
    if (left.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            "update deviation_group set deviations = deviations - ? where id = ?")) {
      for (Map.Entry<UUID, Long> each : left.entrySet()) {
        s.setLong(1, each.getValue());
        s.setObject(2, each.getKey());
        s.addBatch();
      }
      s.executeBatch();
    }
  }

  /** Notes that groups have been told. */
  public static void told(Connection connection, Map<UUID, Instant> groups) throws SQLException {
    if (groups.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            "update deviation_group set told_at = ? where id = ? and told_at is null")) {
      for (Map.Entry<UUID, Instant> each : groups.entrySet()) {
        s.setTimestamp(1, Timestamp.from(each.getValue()));
        s.setObject(2, each.getKey());
        s.addBatch();
      }
      s.executeBatch();
    }
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }
}
