package io.patina.engine.fleet;

import com.google.protobuf.ByteString;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.engine.waivers.Waiver;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads the parts that hosts have in sets, latest onset first, and what is in them, by key. */
@Singleton
public class Shared {

  private static final String SHARE =
      """
      select s.id, encode(s.set_id, 'hex') as set, s.deviations, s.group_id, s.fact_since,
        s.onset_earliest, s.onset_latest, s.end_earliest, s.end_latest, s.end_cause, s.continued,
        s.observed_at, s.recorded_at, s.settles_at, s.closed_observed_at, s.closed_recorded_at,
        (select count(*) from (select from drift_share o where o.set_id = s.set_id
          and o.end_latest is null limit 10000) as counted) as hosts,
        (select coalesce(jsonb_object_agg(c.drift_class, c.n), '{}') from (
          select drift_class, count(*) as n from drift_set_entry e where e.set_id = s.set_id
          group by drift_class) as c) as classes
      from drift_share s where s.host = ?
      """;

  private final DataSource database;
  private final Deviations deviations;

  Shared(DataSource database, Deviations deviations) {
    this.database = database;
    this.deviations = deviations;
  }

  /**
   * The parts of a host.
   *
   * @param openOnly leaves out those that have ended
   * @param cursor as {@link Listed#next} gave it; null for the first page
   * @throws ProblemException 400 if the cursor is none of this list
   */
  public Listed<SharedView> list(UUID host, boolean openOnly, int limit, @Nullable String cursor)
      throws SQLException {
    String list = Cursor.list("shared", host.toString(), openOnly ? "open" : "all");
    Optional<Cursor> after = Cursor.parse(cursor, list, 2);
    String sql =
        SHARE
            + (openOnly ? " and s.end_latest is null" : "")
            + (after.isPresent() ? " and (s.onset_latest, s.id) < (?, ?)" : "")
            + " order by s.onset_latest desc, s.id desc limit ?";
    try (Connection c = database.getConnection();
        PreparedStatement s = c.prepareStatement(sql)) {
      int i = 1;
      s.setObject(i++, host);
      if (after.isPresent()) {
        s.setObject(i++, Deviations.time(after.get().keys().getFirst()));
        s.setObject(i++, Hosts.uuid(after.get().keys().getLast()).orElseThrow(Deviations::refused));
      }
      s.setInt(i, limit + 1);
      try (ResultSet r = s.executeQuery()) {
        List<SharedView> found = new ArrayList<>();
        while (r.next()) {
          found.add(share(r));
        }
        return Listed.of(
            found, limit, v -> new Cursor(list, List.of(v.onset().latest().toString(), v.id())));
      }
    }
  }

  private static SharedView share(ResultSet r) throws SQLException {
    Map<String, Long> classes = new TreeMap<>();
    Columns.json(r, "classes")
        .properties()
        .forEach(c -> classes.put(c.getKey(), c.getValue().asLong()));
    Instant end = Columns.instantOrNull(r, "end_latest");
    return new SharedView(
        r.getString("id"),
        r.getString("set"),
        r.getLong("deviations"),
        r.getLong("hosts"),
        classes,
        r.getString("group_id"),
        Columns.instant(r, "fact_since"),
        onset(r),
        end == null
            ? null
            : new DeviationView.Between(Columns.instantOrNull(r, "end_earliest"), end),
        r.getString("end_cause"),
        r.getBoolean("continued"),
        Columns.instant(r, "observed_at"),
        Columns.instant(r, "recorded_at"));
  }

  private static DeviationView.Between onset(ResultSet r) throws SQLException {
    return new DeviationView.Between(
        Columns.instantOrNull(r, "onset_earliest"), Columns.instant(r, "onset_latest"));
  }

  /**
   * What is in one of them, by key.
   *
   * @param share id of a {@link SharedView} of that host
   * @param cursor as {@link Listed#next} gave it; null for the first page
   * @throws ProblemException 404 if the host has no such part, 400 if the cursor is none of this
   *     list
   */
  public Listed<DeviationView> deviations(UUID host, UUID share, int limit, @Nullable String cursor)
      throws SQLException {
    String list = Cursor.list("shared-deviations", share.toString());
    int after = Cursor.parse(cursor, list, 1).map(c -> number(c.keys().getFirst())).orElse(-1);
    try (Connection c = database.getConnection();
        PreparedStatement s =
            c.prepareStatement(
                """
                select e.number, e.facet, e.key, e.key_text, e.kind, e.expected, e.actual, e.owner,
                  e.drift_class, e.cause, e.because, s.id, s.group_id, s.fact_since,
                  s.onset_earliest, s.onset_latest, s.end_earliest, s.end_latest, s.end_cause,
                  s.observed_at, s.recorded_at, s.closed_observed_at, s.closed_recorded_at,
                  s.settles_at
                from drift_share s
                left join drift_set_entry e on e.set_id = s.set_id and e.number > ?
                  and e.number <> all(s.without)
                where s.host = ? and s.id = ?
                order by e.number limit ?
                """)) {
      s.setInt(1, after);
      s.setObject(2, host);
      s.setObject(3, share);
      s.setInt(4, limit + 1);
      List<Waiver> waivers = deviations.waivers(c, host);
      try (ResultSet r = s.executeQuery()) {
        boolean known = false;
        List<DeviationView> found = new ArrayList<>();
        while (r.next()) {
          known = true;
          if (r.getString("facet") != null) {
            found.add(deviation(r, waivers));
          }
        }
        if (!known) {
          throw new ProblemException(
              Problem.notFound("The host has no shared deviations of this id."));
        }
        return Listed.of(found, limit, d -> new Cursor(list, List.of(numberOf(d))));
      }
    }
  }

  /** Its number in the set is the last part of its id. */
  private static String numberOf(DeviationView d) {
    return d.id().substring(d.id().lastIndexOf('.') + 1);
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw Deviations.refused();
    }
  }

  private static DeviationView deviation(ResultSet r, List<Waiver> waivers) throws SQLException {
    ByteString key = ByteString.copyFrom(r.getBytes("key"));
    boolean text = key.isValidUtf8();
    Instant end = Columns.instantOrNull(r, "end_latest");
    String because = r.getString("because");
    String facet = r.getString("facet");
    Map<String, String> expected = Columns.map(r, "expected");
    Map<String, String> actual = Columns.map(r, "actual");
    return new DeviationView(
        r.getString("id") + "." + r.getInt("number"),
        facet,
        text ? key.toStringUtf8() : r.getString("key_text"),
        text ? null : Base64.getEncoder().encodeToString(key.toByteArray()),
        r.getString("kind"),
        expected,
        actual,
        r.getString("owner"),
        r.getString("drift_class"),
        r.getString("cause"),
        because.isEmpty() ? null : because,
        r.getString("group_id"),
        end == null ? "open" : "closed",
        Columns.instant(r, "fact_since"),
        onset(r),
        end == null
            ? null
            : new DeviationView.Between(Columns.instantOrNull(r, "end_earliest"), end),
        r.getString("end_cause"),
        Columns.instant(r, "observed_at"),
        Columns.instant(r, "recorded_at"),
        Columns.instantOrNull(r, "closed_observed_at"),
        Columns.instantOrNull(r, "closed_recorded_at"),
        Columns.instant(r, "settles_at"),
        0,
        null,
        null,
        null,
        end == null ? Deviations.waived(waivers, facet, key, expected, actual) : null);
  }
}
