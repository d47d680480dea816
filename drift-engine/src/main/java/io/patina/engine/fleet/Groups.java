package io.patina.engine.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.engine.database.Transactions;
import io.patina.engine.history.Event;
import io.patina.engine.history.EventIds;
import io.patina.engine.history.EventTable;
import io.patina.engine.problems.ProblemException;
import io.patina.facts.Escaped;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads groups of deviations, and takes down what people say of them. */
@Singleton
public class Groups {

  private static final String GROUP =
      """
      select * from (select g.id, g.host, g.installation, g.cause, g.actor, g.because, g.deviations,
          g.onset_earliest, g.onset_latest, g.latest, g.observed_at, g.recorded_at, g.told_at,
          (select count(*) from deviation d where d.group_id = g.id and d.end_latest is null) as open,
          a.by_whom, a.ticket, a.authorised, a.note, a.recorded_at as said_at
        from deviation_group g
        left join lateral (select * from group_acknowledgement s where s.group_id = g.id
          order by s.number desc limit 1) a on true
        where g.deviations > 0) g
      """;

  private final Transactions transactions;
  private final Clock clock;

  Groups(Transactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Groups of a host, latest onset first.
   *
   * @param openOnly leaves out those of which nothing is open
   * @param cursor as {@link Listed#next} gave it; null for the first page
   * @throws ProblemException 400 if the cursor is none of this list
   */
  public Listed<GroupView> list(UUID host, boolean openOnly, int limit, @Nullable String cursor)
      throws SQLException {
    String list = Cursor.list("groups", host.toString(), openOnly ? "open" : "all");
    Optional<Cursor> after = Cursor.parse(cursor, list, 2);
    String sql =
        GROUP
            + " where host = ?"
            + (openOnly ? " and open > 0" : "")
            + (after.isPresent() ? " and (onset_latest, id) < (?, ?)" : "")
            + " order by onset_latest desc, id desc limit ?";
    return transactions.run(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(sql)) {
            int i = 1;
            s.setObject(i++, host);
            if (after.isPresent()) {
              s.setObject(i++, Deviations.time(after.get().keys().getFirst()));
              s.setObject(
                  i++, Hosts.uuid(after.get().keys().getLast()).orElseThrow(Deviations::refused));
            }
            s.setInt(i, limit + 1);
            return Listed.of(
                rows(s),
                limit,
                g -> new Cursor(list, List.of(g.onset().latest().toString(), g.id())));
          }
        });
  }

  /** One group; empty if there is none of that id. */
  public Optional<GroupView> group(UUID id) throws SQLException {
    return transactions.run(connection -> find(connection, id));
  }

  /**
   * Takes down what somebody says of a group; what was said before stays.
   *
   * @return the group as it is now; empty if there is none of that id
   */
  public Optional<GroupView> acknowledge(
      UUID id, String by, String ticket, boolean authorised, String note) throws SQLException {
    Instant now = clock.instant();
    return transactions.run(
        connection -> {
          // The lock keeps two people who speak at once from taking one number.
          UUID[] whose = lock(connection, id);
          if (whose.length == 0) {
            return Optional.empty();
          }
          int number = insert(connection, id, by, ticket, authorised, note);
          ObjectNode data = new ObjectMapper().createObjectNode();
          data.put("group", id.toString());
          data.put("by", Escaped.text(by));
          data.put("ticket", Escaped.text(ticket));
          data.put("authorised", authorised);
          data.put("note", Escaped.text(note));
          EventTable.insert(
              connection,
              List.of(
                  new Event(
                      EventIds.of(id, Event.GROUP_ACKNOWLEDGED, number),
                      whose[0],
                      whose[1],
                      Event.GROUP_ACKNOWLEDGED,
                      now,
                      data)));
          return find(connection, id);
        });
  }

  private static Optional<GroupView> find(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(GROUP + " where id = ?")) {
      s.setObject(1, id);
      return rows(s).stream().findFirst();
    }
  }

  /** Host and installation. */
  private static UUID[] lock(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "select host, installation from deviation_group where id = ? for update")) {
      s.setObject(1, id);
      try (ResultSet r = s.executeQuery()) {
        return r.next()
            ? new UUID[] {r.getObject(1, UUID.class), r.getObject(2, UUID.class)}
            : new UUID[0];
      }
    }
  }

  private static int insert(
      Connection connection, UUID id, String by, String ticket, boolean authorised, String note)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into group_acknowledgement (group_id, number, by_whom, ticket, authorised, note)
            select ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?
            from group_acknowledgement where group_id = ?
            returning number
            """)) {
      s.setObject(1, id);
      s.setString(2, by);
      s.setString(3, ticket);
      s.setBoolean(4, authorised);
      s.setString(5, note);
      s.setObject(6, id);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getInt(1);
      }
    }
  }

  private static List<GroupView> rows(PreparedStatement s) throws SQLException {
    try (ResultSet r = s.executeQuery()) {
      List<GroupView> found = new ArrayList<>();
      while (r.next()) {
        found.add(row(r));
      }
      return found;
    }
  }

  private static GroupView row(ResultSet r) throws SQLException {
    String by = r.getString("by_whom");
    return new GroupView(
        r.getString("id"),
        r.getString("host"),
        r.getString("cause"),
        orNull(r.getString("actor")),
        orNull(r.getString("because")),
        r.getLong("open"),
        r.getLong("deviations"),
        new DeviationView.Between(
            Columns.instantOrNull(r, "onset_earliest"), Columns.instant(r, "onset_latest")),
        Columns.instant(r, "latest"),
        Columns.instant(r, "observed_at"),
        Columns.instant(r, "recorded_at"),
        Columns.instantOrNull(r, "told_at"),
        by == null
            ? null
            : new GroupView.Acknowledgement(
                by,
                r.getString("ticket"),
                r.getBoolean("authorised"),
                r.getString("note"),
                Columns.instant(r, "said_at")));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
