package io.patina.engine.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** SQL of the audit history. */
public final class AuditTable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String COLUMNS =
      "select id, at, subject, means, action, thing, why, data from audit ";

  private AuditTable() {}

  /** Appends a decision; it stands if the transaction does. */
  public static void append(Connection connection, Decision d) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into audit (subject, means, action, thing, why, data) values (?, ?, ?, ?, ?, ?)
            """)) {
      s.setString(1, d.by().subject());
      s.setString(2, d.by().means());
      s.setString(3, d.action());
      s.setString(4, d.thing());
      s.setString(5, d.why());
      s.setObject(6, JSON.valueToTree(d.data()).toString(), Types.OTHER);
      s.executeUpdate();
    }
  }

  /** What happened to one thing, oldest first, the latest {@code most} of it. */
  public static List<Entry> of(Connection connection, String thing, int most) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(COLUMNS + "where thing = ? order by id desc limit ?")) {
      s.setString(1, thing);
      s.setInt(2, most);
      return entries(s).reversed();
    }
  }

  /** The latest entries before one, latest first. */
  static List<Entry> before(Connection connection, long id, int most) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(COLUMNS + "where id < ? order by id desc limit ?")) {
      s.setLong(1, id);
      s.setInt(2, most);
      return entries(s);
    }
  }

  private static List<Entry> entries(PreparedStatement s) throws SQLException {
    List<Entry> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        found.add(
            new Entry(
                r.getLong(1),
                r.getObject(2, OffsetDateTime.class).toInstant(),
                r.getString(3),
                r.getString(4),
                r.getString(5),
                r.getString(6),
                r.getString(7),
                JSON.readTree(r.getString(8))));
      }
    } catch (JsonProcessingException e) {
      throw new SQLException("column data is no JSON", e);
    }
    return found;
  }
}
