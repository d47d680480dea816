package io.patina.engine.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.engine.problems.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads what happened to a host, latest first. */
@Singleton
public class Timeline {

  private final DataSource database;

  Timeline(DataSource database) {
    this.database = database;
  }

  /**
   * An immutable event.
   *
   * @param kind such as {@code deviation.opened} or {@code verdict.changed}
   * @param observedAt by the broker's clock
   * @param recordedAt when the engine wrote it; much later than observed for late reports
   * @param data what belongs to the kind
   */
  public record Event(
      String id,
      String kind,
      String installation,
      Instant observedAt,
      Instant recordedAt,
      JsonNode data) {}

  private record Placed(Event event, long ordinal) {}

  /**
   * Events of a host.
   *
   * @param cursor as {@link Listed#next} gave it; null for the first page
   * @throws ProblemException 400 if the cursor is none of this list
   */
  public Listed<Event> list(UUID host, int limit, @Nullable String cursor) throws SQLException {
    String list = Cursor.list("timeline", host.toString());
    Optional<Cursor> after = Cursor.parse(cursor, list, 2);
    String sql =
        """
        select id, ordinal, kind, installation, observed_at, recorded_at, data
        from event
        where host = ?
        """
            + (after.isPresent() ? " and (observed_at, ordinal) < (?, ?)" : "")
            + " order by observed_at desc, ordinal desc limit ?";
    try (Connection c = database.getConnection();
        PreparedStatement s = c.prepareStatement(sql)) {
      int i = 1;
      s.setObject(i++, host);
      if (after.isPresent()) {
        s.setObject(i++, Deviations.time(after.get().keys().getFirst()));
        s.setLong(i++, ordinal(after.get().keys().getLast()));
      }
      s.setInt(i, limit + 1);
      try (ResultSet r = s.executeQuery()) {
        List<Placed> found = new ArrayList<>();
        while (r.next()) {
          found.add(row(r));
        }
        Listed<Placed> page =
            Listed.of(
                found,
                limit,
                p ->
                    new Cursor(
                        list,
                        List.of(p.event().observedAt().toString(), Long.toString(p.ordinal()))));
        return new Listed<>(page.items().stream().map(Placed::event).toList(), page.next());
      }
    }
  }

  private static long ordinal(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Deviations.refused();
    }
  }

  private static Placed row(ResultSet r) throws SQLException {
    return new Placed(event(r), r.getLong("ordinal"));
  }

  /** Of a row with id, kind, installation, observed_at, recorded_at and data. */
  static Event event(ResultSet r) throws SQLException {
    return new Event(
        r.getString("id"),
        r.getString("kind"),
        r.getString("installation"),
        Columns.instant(r, "observed_at"),
        Columns.instant(r, "recorded_at"),
        Columns.json(r, "data"));
  }
}
