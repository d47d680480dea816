package io.patina.engine.enrolment;

import io.patina.engine.history.EventIds;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of hosts' places, names and lives. */
final class HostTable {

  /** Where a host is now. */
  record Placed(String pool, Map<String, String> labels) {

    Placed {
      labels = Map.copyOf(labels);
    }
  }

  private HostTable() {}

  /** Where a host is; empty if there is none of that id. Waits for who changes it, and keeps it. */
  static Optional<Placed> find(Connection connection, UUID host) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("select pool, labels from host where id = ? for update")) {
      s.setObject(1, host);
      try (ResultSet r = s.executeQuery()) {
        return r.next()
            ? Optional.of(new Placed(r.getString("pool"), Place.labels(r)))
            : Optional.empty();
      }
    }
  }

  /** Puts a known host somewhere: labels over those it has. */
  static Placed place(Connection connection, UUID host, Place place) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update host set labels = labels || ?, retired_at = null,
              pool = coalesce(?, nullif(pool, ''), 'default')
            where id = ? returning pool, labels
            """)) {
      s.setObject(1, place.json(), Types.OTHER);
      s.setString(2, place.pool());
      s.setObject(3, host);
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          throw new SQLException("host " + host + " is referred to and not there");
        }
        return new Placed(r.getString("pool"), Place.labels(r));
      }
    }
  }

  /** Sets pool (if one is given) and all labels of a host. */
  static void assign(
      Connection connection, UUID host, @Nullable String pool, Map<String, String> labels)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "update host set labels = ?, pool = coalesce(?, pool) where id = ?")) {
      s.setObject(1, Place.json(labels), Types.OTHER);
      s.setString(2, pool);
      s.setObject(3, host);
      s.executeUpdate();
    }
  }

  /** The host to which this name was assigned; made if there is none. */
  static UUID named(Connection connection, String name, Place place, UUID installation, Instant at)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into host (id, name, named, pool, labels, created_at)
            values (?, ?, true, coalesce(?, 'default'), ?, ?)
            on conflict (name) where named do nothing
            """)) {
      s.setObject(1, EventIds.of("host", installation));
      s.setString(2, name);
      s.setString(3, place.pool());
      s.setObject(4, place.json(), Types.OTHER);
      s.setTimestamp(5, Timestamp.from(at));
      s.executeUpdate();
    }
    try (PreparedStatement s =
        connection.prepareStatement("select id from host where named and name = ?")) {
      s.setString(1, name);
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          throw new SQLException("host " + name + " was made and is not there");
        }
        return r.getObject(1, UUID.class);
      }
    }
  }

  /**
   * A life of a host that is still heard: its place is not taken by whoever has found a token.
   *
   * @param host which one; or
   * @param name the host of this name, or none of either
   * @param newcomer does not count
   */
  static Optional<UUID> living(
      Connection connection, Optional<UUID> host, @Nullable String name, UUID newcomer)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select i.id from installation i
            where i.host = coalesce(?, (select h.id from host h where h.named and h.name = ?))
              and i.id <> ? and i.replaced_by is null and i.revoked_at is null and not i.silent
              and coalesce(i.announced, '') not in ('stopping', 'rebooting', 'retired')
            order by i.last_seen desc limit 1
            """)) {
      s.setObject(1, host.orElse(null), Types.OTHER);
      s.setString(2, name);
      s.setObject(3, newcomer);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(r.getObject(1, UUID.class)) : Optional.empty();
      }
    }
  }

  /** Says of the other lives of a host that this one has taken their place. */
  static void replaceOthers(Connection connection, UUID host, UUID installation, Instant at)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update installation set replaced_by = ?, replaced_at = ?
            where host = ? and id <> ? and replaced_by is null
            """)) {
      s.setObject(1, installation);
      s.setTimestamp(2, Timestamp.from(at));
      s.setObject(3, host);
      s.setObject(4, installation);
      s.executeUpdate();
    }
  }

  /**
   * Makes an installation a life of another host, with everything that is known of it. What
   * happened before stays where it happened.
   *
   * @param from its host until now: large tables are found by it
   */
  static void move(Connection connection, UUID installation, UUID from, UUID host)
      throws SQLException {
    for (String statement :
        new String[] {
          "update installation set host = ? where id = ? and host = ?",
          "update deviation set host = ? where installation = ? and host = ?",
          "update deviation_group set host = ? where installation = ? and host = ?",
          "update drift_share set host = ? where installation = ? and host = ?",
          "update verdict_interval set host = ? where installation = ? and host = ?"
        }) {
      try (PreparedStatement s = connection.prepareStatement(statement)) {
        s.setObject(1, host);
        s.setObject(2, installation);
        s.setObject(3, from);
        s.executeUpdate();
      }
    }
  }

  /** A host that no installation is a life of any more is none. */
  static void vacate(Connection connection, UUID host) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update host set retired_at = now() where id = ?
              and not exists (select 1 from installation i where i.host = host.id)
            """)) {
      s.setObject(1, host);
      s.executeUpdate();
    }
  }
}
