package io.patina.engine.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.patina.engine.fleet.UnobservedTimes.Interval;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What was so of a host at a moment, as it is known now or as it was known at another. */
@Singleton
public class AsOf {

  /** Deviations in an answer; the figure beside them counts all that have a row. */
  private static final int MOST = 1_000;

  private final DataSource database;
  private final Unobserved unobserved;

  AsOf(DataSource database, Unobserved unobserved) {
    this.database = database;
    this.unobserved = unobserved;
  }

  /**
   * The answer.
   *
   * @param verdict null before the first
   * @param observed false where a time in which it was not observed covers the moment: then the
   *     rest is what was known last
   * @param unobserved the times that cover it
   * @param open how many deviations were open
   * @param deviations of these, the latest
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Answer(
      Instant at,
      Instant knownAt,
      @Nullable Judged verdict,
      boolean observed,
      List<Interval> unobserved,
      long open,
      List<Differed> deviations) {}

  /** The verdict that held. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Judged(
      String verdict,
      int score,
      String recommendation,
      String sentence,
      @Nullable String tipped,
      Instant since,
      @Nullable Instant until) {}

  /**
   * A deviation that was open.
   *
   * @param end null if, as far as was known, it was still open
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Differed(
      String id,
      String facet,
      String key,
      String kind,
      String cause,
      Instant factSince,
      DeviationView.Between onset,
      DeviationView.@Nullable Between end) {}

  /** What was so of a host. */
  public Answer of(UUID host, Instant at, Instant knownAt) throws SQLException {
    List<Interval> covering =
        unobserved.list(host, knownAt).stream().filter(i -> i.covers(at)).toList();
    try (Connection c = database.getConnection()) {
      List<Differed> deviations = deviations(c, host, at, knownAt);
      return new Answer(
          at,
          knownAt,
          verdict(c, host, at, knownAt).orElse(null),
          covering.isEmpty(),
          covering,
          deviations.size() < MOST ? deviations.size() : count(c, host, at, knownAt),
          deviations);
    }
  }

  private static Optional<Judged> verdict(Connection c, UUID host, Instant at, Instant knownAt)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select verdict, score, recommendation, sentence, tipped, observed_at, ended_at
            from verdict_interval where host = ? and observed_at <= ? and recorded_at <= ?
            order by observed_at desc, number desc limit 1
            """)) {
      times(s, host, at, knownAt);
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          return Optional.empty();
        }
        Instant ended = Columns.instantOrNull(r, "ended_at");
        return Optional.of(
            new Judged(
                r.getString("verdict"),
                r.getInt("score"),
                r.getString("recommendation"),
                r.getString("sentence"),
                r.getString("tipped"),
                Columns.instant(r, "observed_at"),
                ended == null || ended.isAfter(knownAt) ? null : ended));
      }
    }
  }

  /** Open at a moment, of what was recorded by another; an end that came later was not known. */
  private static final String OPEN =
      """
       from deviation where host = ? and onset_latest <= ? and recorded_at <= ?
        and (end_latest is null or end_latest > ? or closed_recorded_at > ?)
      """;

  private static List<Differed> deviations(Connection c, UUID host, Instant at, Instant knownAt)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "select *, closed_recorded_at <= ? as end_known"
                + OPEN
                + " order by onset_latest desc, id desc limit "
                + MOST)) {
      s.setObject(1, knownAt.atOffset(ZoneOffset.UTC));
      open(s, 2, host, at, knownAt);
      List<Differed> found = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          Instant end = r.getBoolean("end_known") ? Columns.instantOrNull(r, "end_latest") : null;
          found.add(
              new Differed(
                  r.getString("id"),
                  r.getString("facet"),
                  r.getString("key_text"),
                  r.getString("kind"),
                  r.getString("cause"),
                  Columns.instant(r, "fact_since"),
                  new DeviationView.Between(
                      Columns.instantOrNull(r, "onset_earliest"),
                      Columns.instant(r, "onset_latest")),
                  end == null
                      ? null
                      : new DeviationView.Between(Columns.instantOrNull(r, "end_earliest"), end)));
        }
      }
      return found;
    }
  }

  private static long count(Connection c, UUID host, Instant at, Instant knownAt)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement("select count(*)" + OPEN)) {
      open(s, 1, host, at, knownAt);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getLong(1);
      }
    }
  }

  private static void open(PreparedStatement s, int from, UUID host, Instant at, Instant knownAt)
      throws SQLException {
    int i = from;
    s.setObject(i++, host);
    s.setObject(i++, at.atOffset(ZoneOffset.UTC));
    s.setObject(i++, knownAt.atOffset(ZoneOffset.UTC));
    s.setObject(i++, at.atOffset(ZoneOffset.UTC));
    s.setObject(i, knownAt.atOffset(ZoneOffset.UTC));
  }

  private static void times(PreparedStatement s, UUID host, Instant at, Instant knownAt)
      throws SQLException {
    s.setObject(1, host);
    s.setObject(2, at.atOffset(ZoneOffset.UTC));
    s.setObject(3, knownAt.atOffset(ZoneOffset.UTC));
  }
}
