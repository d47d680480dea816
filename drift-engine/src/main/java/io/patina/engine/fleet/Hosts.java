package io.patina.engine.fleet;

import io.patina.engine.inforce.InForce;
import io.patina.engine.inforce.InForceReader;
import io.patina.engine.maintenance.MaintenanceView;
import io.patina.engine.problems.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads hosts, each through its current installation: the one first seen last. */
@Singleton
public class Hosts {

  private static final String HOST =
      """
      select h.id as host, h.name, h.pool, h.labels, h.retired_at, i.id as installation, i.verdict,
        i.sentence, i.recommendation, i.score, i.reasons, i.breakdown, i.advice, i.verdict_since, i.last_seen,
        i.reported_at, i.skew_ms,
        i.open_deviations, i.unlisted_deviations, i.facts, i.gaps, i.unproven, i.lost,
        i.last_full_compare, i.watching, i.sync, i.sync_since, i.sync_reason, i.silent,
        i.conflict_since, i.conflict_reason, i.fingerprint, i.drift_signature,
        i.collector_version, i.admission, i.admitted_by, i.admitted_at, i.key_since, i.revoked_at,
        i.revoked_by, i.revoked_why, b.name as baseline, b.version, b.policy,
        (select v.tipped from verdict_interval v where v.installation = i.id
          and v.number = i.verdict_number) as tipped,
        r.retired_by, r.reason as retired_why
      from host h
      join installation i on i.host = h.id
      left join baseline b on b.statement = i.baseline
      left join lateral (select * from retirement r where r.host = h.id
        and r.applied_at = h.retired_at order by r.retired_at desc limit 1) r on true
      where not exists (
        select 1 from installation n
        where n.host = i.host and (n.first_seen, n.id) > (i.first_seen, i.id))
      """;

  private static final String NOT_IN_MAINTENANCE =
      """
      and not exists (select from maintenance m where m.ended_at is null and m.until > ?
        and (m.host is null or m.host = h.id) and (m.pool is null or m.pool = h.pool)
        and h.labels @> m.labels)
      """;

  private final DataSource database;
  private final InForceReader decided;
  private final Clock clock;

  public Hosts(DataSource database, InForceReader decided, Clock clock) {
    this.database = database;
    this.decided = decided;
    this.clock = clock;
  }

  /**
   * Which hosts.
   *
   * @param verdict null for any
   * @param pool null for any
   * @param q part of the name, in any case; null for any
   */
  public record Filter(@Nullable String verdict, @Nullable String pool, @Nullable String q) {
    public static final Filter NONE = new Filter(null, null, null);
  }

  /**
   * Hosts by name.
   *
   * @param cursor as {@link Listed#next} gave it; null for the first page
   * @throws ProblemException 400 if the cursor is none of this list
   */
  public Listed<HostView> list(Filter filter, int limit, @Nullable String cursor)
      throws SQLException {
    String list = Cursor.list("hosts", filter.verdict(), filter.pool(), filter.q());
    Optional<Cursor> after = Cursor.parse(cursor, list, 2);
    StringBuilder sql = new StringBuilder(HOST).append(" and h.retired_at is null");
    List<Object> parameters = new ArrayList<>();
    if (filter.verdict() != null) {
      sql.append(" and i.verdict = ?");
      parameters.add(filter.verdict());
    }
    if (filter.pool() != null) {
      sql.append(" and h.pool = ?");
      parameters.add(filter.pool());
    }
    if (filter.q() != null) {
      sql.append(" and lower(h.name) like ? escape '!'");
      parameters.add("%" + literal(filter.q()) + "%");
    }
    if (after.isPresent()) {
      sql.append(" and (h.name, h.id) > (?, ?)");
      parameters.add(after.get().keys().getFirst());
      parameters.add(uuid(after.get().keys().getLast()).orElseThrow(Hosts::refused));
    }
    sql.append(" order by h.name, h.id limit ?");
    parameters.add(limit + 1);
    return Listed.of(
        select(sql.toString(), parameters),
        limit,
        h -> new Cursor(list, List.of(h.name(), h.id())));
  }

  /**
   * Hosts that need a person, worst first: artisanal, then the others that are not as ordered. None
   * that nobody has approved.
   */
  public List<HostView> attention(int most) throws SQLException {
    List<HostView> found = new ArrayList<>();
    for (String verdict : List.of("artisanal", "drifting", "unobserved", "unbaselined")) {
      if (found.size() < most) {
        found.addAll(
            select(
                HOST
                    + """
                       and h.retired_at is null and h.pool <> '' and i.verdict = ?
                      order by i.score desc, i.verdict_since desc, i.id
                      limit ?
                      """,
                List.of(verdict, most - found.size())));
      }
    }
    return found;
  }

  /**
   * Artisanal or silent hosts that are in no maintenance, as {@link InForce#maintenance} says,
   * worst first.
   */
  public List<HostView> artisanalOrSilent(int most) throws SQLException {
    return select(
        HOST
            + """
               and h.retired_at is null and h.pool <> ''
               and (i.verdict = 'artisanal' or i.silent)
              """
            + NOT_IN_MAINTENANCE
            + " order by i.score desc, i.id limit ?",
        List.of(Timestamp.from(clock.instant()), most));
  }

  /** How many there are of these. */
  public long artisanalOrSilentCount() throws SQLException {
    try (Connection c = database.getConnection();
        PreparedStatement s =
            c.prepareStatement(
                """
                select count(*)
                from installation i join host h on h.id = i.host
                where (i.verdict = 'artisanal' or i.silent) and h.retired_at is null
                  and h.pool <> '' and not i.ended
                """
                    + NOT_IN_MAINTENANCE)) {
      s.setTimestamp(1, Timestamp.from(clock.instant()));
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getLong(1);
      }
    }
  }

  /** When the host that has been quiet longest was last heard; empty if there is no host. */
  public Optional<Instant> longestUnheard() throws SQLException {
    try (Connection c = database.getConnection();
        PreparedStatement s =
            c.prepareStatement(
                """
                select min(i.last_seen) as oldest
                from installation i join host h on h.id = i.host
                where h.retired_at is null and not i.ended
                """);
        ResultSet r = s.executeQuery()) {
      r.next();
      return Optional.ofNullable(Columns.instantOrNull(r, "oldest"));
    }
  }

  /** One host; empty if there is none of that id. */
  public Optional<HostView> host(UUID id) throws SQLException {
    return select(HOST + " and h.id = ?", List.of(id)).stream().findFirst();
  }

  /** A host id as callers write it; empty if it is none. */
  static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ProblemException refused() {
    return new ProblemException(Cursor.refused());
  }

  private static String literal(String q) {
    return q.toLowerCase(Locale.ROOT).replace("!", "!!").replace("%", "!%").replace("_", "!_");
  }

  private List<HostView> select(String sql, List<?> parameters) throws SQLException {
    try (Connection c = database.getConnection();
        PreparedStatement s = c.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        s.setObject(i + 1, parameters.get(i));
      }
      InForce now = decided.read(c);
      try (ResultSet r = s.executeQuery()) {
        List<HostView> hosts = new ArrayList<>();
        while (r.next()) {
          hosts.add(row(r, now, clock.instant()));
        }
        return hosts;
      }
    }
  }

  private static HostView row(ResultSet r, InForce decided, Instant now) throws SQLException {
    String baseline = r.getString("baseline");
    Map<String, String> labels = Columns.map(r, "labels");
    HostView.Clock clock =
        new HostView.Clock(Columns.instant(r, "reported_at"), r.getObject("skew_ms", Long.class));
    List<String> reasons = new ArrayList<>(Columns.list(r, "reasons"));
    clock.remark().ifPresent(reasons::add);
    return new HostView(
        r.getString("host"),
        r.getString("installation"),
        r.getString("name"),
        r.getString("pool"),
        labels,
        r.getString("verdict"),
        r.getString("sentence"),
        r.getString("recommendation"),
        r.getInt("score"),
        reasons,
        Columns.instant(r, "verdict_since"),
        Columns.instant(r, "last_seen"),
        baseline == null
            ? null
            : new HostView.BaselineName(baseline, r.getString("version"), r.getString("policy")),
        new HostView.Counts(r.getLong("open_deviations"), r.getLong("unlisted_deviations")),
        new HostView.Coverage(
            r.getLong("facts"),
            r.getLong("gaps"),
            r.getLong("unproven"),
            r.getLong("lost"),
            Columns.instantOrNull(r, "last_full_compare"),
            r.getString("watching")),
        new HostView.Sync(
            r.getString("sync"), Columns.instant(r, "sync_since"), r.getString("sync_reason")),
        r.getBoolean("silent"),
        conflict(r),
        Columns.hexOrNull(r, "fingerprint"),
        Columns.hexOrNull(r, "drift_signature"),
        r.getString("collector_version"),
        Columns.instantOrNull(r, "retired_at"),
        Columns.breakdown(r),
        Columns.list(r, "advice"),
        r.getString("tipped"),
        r.getString("retired_by"),
        r.getString("retired_why"),
        decided
            .maintenance(r.getObject("host", UUID.class), r.getString("pool"), labels, now)
            .map(m -> MaintenanceView.from(m, now))
            .orElse(null),
        new HostView.Admission(
            r.getString("admission"),
            r.getString("admitted_by"),
            Columns.instantOrNull(r, "admitted_at"),
            Columns.instantOrNull(r, "key_since"),
            revoked(r)),
        clock);
  }

  private static HostView.@Nullable Trouble revoked(ResultSet r) throws SQLException {
    return Columns.instantOrNull(r, "revoked_at") == null
        ? null
        : new HostView.Trouble(
            Columns.instant(r, "revoked_at"),
            "by " + r.getString("revoked_by") + ": " + r.getString("revoked_why"));
  }

  private static HostView.@Nullable Trouble conflict(ResultSet r) throws SQLException {
    return Columns.instantOrNull(r, "conflict_since") == null
        ? null
        : new HostView.Trouble(
            Columns.instant(r, "conflict_since"), r.getString("conflict_reason"));
  }
}
