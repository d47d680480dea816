package io.patina.engine.fleet;

import com.google.protobuf.ByteString;
import io.patina.engine.inforce.InForce;
import io.patina.engine.inforce.InForceReader;
import io.patina.engine.problems.ProblemException;
import io.patina.engine.waivers.Waiver;
import io.patina.facts.Attributes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads deviations of a host, latest onset first. */
@Singleton
public class Deviations {

  private final DataSource database;
  private final InForceReader decided;
  private final Clock clock;

  Deviations(DataSource database, InForceReader decided, Clock clock) {
    this.database = database;
    this.decided = decided;
    this.clock = clock;
  }

  /**
   * Deviations of a host.
   *
   * @param openOnly leaves out those that have ended
   * @param cursor as {@link Listed#next} gave it; null for the first page
   * @throws ProblemException 400 if the cursor is none of this list
   */
  public Listed<DeviationView> list(UUID host, boolean openOnly, int limit, @Nullable String cursor)
      throws SQLException {
    String list = Cursor.list("deviations", host.toString(), openOnly ? "open" : "all");
    Optional<Cursor> after = Cursor.parse(cursor, list, 2);
    String sql =
        """
        select id, facet, key, key_text, kind, expected, actual, owner, drift_class, cause, because,
          group_id, fact_since,
          onset_earliest, onset_latest, end_earliest, end_latest, end_cause, observed_at,
          recorded_at, closed_observed_at, closed_recorded_at, settles_at, changes, previous, written_by, unrest, unrest_since, unrest_last,
          volatile_since, as_expected
        from deviation
        where host = ?
        """
            + (openOnly ? " and end_latest is null" : "")
            + (after.isPresent() ? " and (onset_latest, id) < (?, ?)" : "")
            + " order by onset_latest desc, id desc limit ?";
    try (Connection c = database.getConnection();
        PreparedStatement s = c.prepareStatement(sql)) {
      int i = 1;
      s.setObject(i++, host);
      if (after.isPresent()) {
        s.setObject(i++, time(after.get().keys().getFirst()));
        s.setObject(i++, Hosts.uuid(after.get().keys().getLast()).orElseThrow(Deviations::refused));
      }
      s.setInt(i, limit + 1);
      List<Waiver> waivers = waivers(c, host);
      try (ResultSet r = s.executeQuery()) {
        List<DeviationView> found = new ArrayList<>();
        while (r.next()) {
          found.add(row(r, waivers));
        }
        return Listed.of(
            found, limit, d -> new Cursor(list, List.of(d.onset().latest().toString(), d.id())));
      }
    }
  }

  /** Waivers that the host is under now. */
  List<Waiver> waivers(Connection c, UUID host) throws SQLException {
    InForce now = decided.read(c);
    if (now.waivers().isEmpty()) {
      return List.of();
    }
    try (PreparedStatement s = c.prepareStatement("select pool, labels from host where id = ?")) {
      s.setObject(1, host);
      try (ResultSet r = s.executeQuery()) {
        return r.next()
            ? now.waivers(host, r.getString("pool"), Columns.map(r, "labels"), clock.instant())
            : List.of();
      }
    }
  }

  static OffsetDateTime time(String text) {
    try {
      return Instant.parse(text).atOffset(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw refused();
    }
  }

  static ProblemException refused() {
    return new ProblemException(Cursor.refused());
  }

  private static DeviationView.@Nullable Restless restless(ResultSet r) throws SQLException {
    Instant since = Columns.instantOrNull(r, "volatile_since");
    return since == null
        ? null
        : new DeviationView.Restless(
            since,
            r.getInt("unrest"),
            Columns.instant(r, "unrest_since"),
            Columns.instant(r, "unrest_last"),
            r.getBoolean("as_expected"));
  }

  private static DeviationView row(ResultSet r, List<Waiver> waivers) throws SQLException {
    ByteString key = ByteString.copyFrom(r.getBytes("key"));
    boolean text = key.isValidUtf8();
    Instant endLatest = Columns.instantOrNull(r, "end_latest");
    String facet = r.getString("facet");
    Map<String, String> expected = Columns.map(r, "expected");
    Map<String, String> actual = Columns.map(r, "actual");
    return new DeviationView(
        r.getString("id"),
        facet,
        text ? key.toStringUtf8() : r.getString("key_text"),
        text ? null : Base64.getEncoder().encodeToString(key.toByteArray()),
        r.getString("kind"),
        expected,
        actual,
        r.getString("owner"),
        r.getString("drift_class"),
        r.getString("cause"),
        r.getString("because").isEmpty() ? null : r.getString("because"),
        r.getString("group_id"),
        endLatest == null ? "open" : "closed",
        Columns.instant(r, "fact_since"),
        new DeviationView.Between(
            Columns.instantOrNull(r, "onset_earliest"), Columns.instant(r, "onset_latest")),
        endLatest == null
            ? null
            : new DeviationView.Between(Columns.instantOrNull(r, "end_earliest"), endLatest),
        r.getString("end_cause"),
        Columns.instant(r, "observed_at"),
        Columns.instant(r, "recorded_at"),
        Columns.instantOrNull(r, "closed_observed_at"),
        Columns.instantOrNull(r, "closed_recorded_at"),
        Columns.instant(r, "settles_at"),
        r.getInt("changes"),
        r.getString("previous"),
        Columns.objectOrNull(r, "written_by", DeviationView.WrittenBy.class),
        restless(r),
        endLatest == null ? waived(waivers, facet, key, expected, actual) : null);
  }

  /** By which of these waivers an open deviation does not weigh; null: by none. */
  static DeviationView.@Nullable Waived waived(
      List<Waiver> waivers,
      String facet,
      ByteString key,
      Map<String, String> expected,
      Map<String, String> actual) {
    Optional<String> should = Optional.ofNullable(expected.get(Attributes.SHA256));
    Optional<String> is = Optional.ofNullable(actual.get(Attributes.SHA256));
    return waivers.stream()
        .filter(w -> w.pattern().matches(facet, key, should, is))
        .findFirst()
        .map(DeviationView.Waived::of)
        .orElse(null);
  }
}
