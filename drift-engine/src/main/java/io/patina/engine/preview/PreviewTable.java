package io.patina.engine.preview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of previews in the background. */
final class PreviewTable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PreviewTable() {}

  static void insert(Connection c, UUID id, String name, String version, String by)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "insert into preview_job (id, name, version, asked_by) values (?, ?, ?, ?)")) {
      s.setObject(1, id);
      s.setString(2, name);
      s.setString(3, version);
      s.setString(4, by);
      s.executeUpdate();
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "delete from preview_job where requested_at < now() - interval '1 day'")) {
      s.executeUpdate();
    }
  }

  /** A job of which its replica has not been heard for a minute has failed with that. */
  static Optional<PreviewJob> find(Connection c, UUID id) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select name, version, asked_by, state, examined, planned, requested_at, problem, result,
              state in ('waiting', 'running') and heard_at < now() - interval '1 minute'
            from preview_job where id = ?
            """)) {
      s.setObject(1, id);
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          return Optional.empty();
        }
        boolean lost = r.getBoolean(10);
        String result = r.getString(9);
        return Optional.of(
            new PreviewJob(
                id,
                r.getString(1),
                r.getString(2),
                r.getString(3),
                lost ? "failed" : r.getString(4),
                r.getLong(5),
                r.getObject(6, Long.class),
                r.getTimestamp(7).toInstant(),
                lost ? "The replica that examined it has ended. Start it again." : r.getString(8),
                result == null ? null : JSON.readValue(result, Foreseen.class)));
      }
    } catch (JsonProcessingException e) {
      throw new SQLException("column result is none", e);
    }
  }

  /** Says that these are still to be examined here. */
  static void heard(Connection c, Collection<UUID> ids) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("update preview_job set heard_at = now() where id = any(?)")) {
      s.setArray(1, c.createArrayOf("uuid", ids.toArray()));
      s.executeUpdate();
    }
  }

  /** Notes how far it is; answers whether to go on. */
  static boolean progress(Connection c, UUID id, long examined, @Nullable Long planned)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            update preview_job set state = 'running', examined = ?, planned = ?, heard_at = now()
            where id = ? returning not cancel
            """)) {
      s.setLong(1, examined);
      s.setObject(2, planned, Types.BIGINT);
      s.setObject(3, id);
      try (ResultSet r = s.executeQuery()) {
        return r.next() && r.getBoolean(1);
      }
    }
  }

  static void done(Connection c, UUID id, Foreseen foreseen) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            update preview_job set state = case when cancel then 'cancelled' else 'done' end,
              examined = ?, result = ?, heard_at = now()
            where id = ?
            """)) {
      s.setLong(1, foreseen.examined());
      s.setObject(2, JSON.valueToTree(foreseen).toString(), Types.OTHER);
      s.setObject(3, id);
      s.executeUpdate();
    }
  }

  static void failed(Connection c, UUID id, String problem) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "update preview_job set state = 'failed', problem = ?, heard_at = now() where id = ?")) {
      s.setString(1, problem);
      s.setObject(2, id);
      s.executeUpdate();
    }
  }

  /** It had been cancelled before its turn came. */
  static void cancelled(Connection c, UUID id) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("update preview_job set state = 'cancelled' where id = ?")) {
      s.setObject(1, id);
      s.executeUpdate();
    }
  }

  /** False if there is none, or it has ended. */
  static boolean cancel(Connection c, UUID id) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            update preview_job set cancel = true,
              state = case when state = 'waiting' then 'cancelled' else state end
            where id = ? and state in ('waiting', 'running')
            """)) {
      s.setObject(1, id);
      return s.executeUpdate() == 1;
    }
  }
}
