package io.patina.engine.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.protobuf.ByteString;
import io.patina.engine.state.Installation.Announced;
import io.patina.fingerprint.Fingerprint;
import io.patina.manifest.Digest;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of hosts and installations. */
public final class InstallationTable {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();
  private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};
  private static final TypeReference<Breakdown> BREAKDOWN = new TypeReference<>() {};
  private static final TypeReference<Transit> TRANSIT = new TypeReference<>() {};
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

  private InstallationTable() {}

  /** The installations of these ids; those that are not known are not among them. */
  public static List<Installation> read(Connection connection, Collection<UUID> ids)
      throws SQLException {
    List<Installation> found = new ArrayList<>();
    if (ids.isEmpty()) {
      return found;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select i.*, h.pool, h.labels as assigned, coalesce(b.name, '') as baseline_name
            from installation i join host h on h.id = i.host
            left join baseline b on b.statement = i.baseline
            where i.id = any(?)
            """)) {
      s.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
      try (ResultSet rows = s.executeQuery()) {
        while (rows.next()) {
          found.add(read(rows));
        }
      }
    }
    return found;
  }

  private static Installation read(ResultSet r) throws SQLException {
    Installation installation =
        new Installation(
            r.getObject("id", UUID.class),
            r.getObject("host", UUID.class),
            r.getInt("part"),
            bytes(r, "public_key"),
            instant(r, "first_seen"),
            r.getString("pool"),
            json(r, "assigned", LABELS),
            new Contact(
                instant(r, "last_seen"),
                instant(r, "reported_at"),
                instant(r, "seen_at"),
                r.getObject("incarnation", UUID.class),
                r.getLong("sequence"),
                bytes(r, "recent"),
                r.getInt("interval_seconds")),
            new Machine(
                bytes(r, "scope"),
                bytes(r, "boot_id"),
                r.getString("hostname"),
                json(r, "asserted_labels", LABELS),
                r.getString("collector_version"),
                bytes(r, "machine")),
            new Sync(
                Sync.Kind.named(r.getString("sync")),
                instant(r, "sync_since"),
                r.getString("sync_reason")),
            new Standing(
                Verdict.valueOf(r.getString("verdict").toUpperCase(Locale.ROOT)),
                r.getInt("score"),
                Recommendation.valueOf(
                    r.getString("recommendation").toUpperCase(Locale.ROOT).replace('-', '_')),
                r.getString("sentence"),
                json(r, "reasons", TEXTS),
                instant(r, "verdict_since"),
                r.getLong("verdict_number"),
                maybeInstant(r, "judge_at"),
                json(r, "breakdown", BREAKDOWN),
                json(r, "advice", TEXTS)));
    installation.restore(
        new Admittance(
            Admittance.How.named(r.getString("admission")),
            r.getString("admitted_by"),
            maybeInstant(r, "admitted_at")),
        barred(r),
        maybeInstant(r, "revoked_at") != null,
        Optional.ofNullable(r.getBytes("previous_key")).map(ByteString::copyFrom),
        r.getBoolean("ended"),
        r.getLong("decisions"),
        Optional.ofNullable(r.getString("counted_pool")).orElse(r.getString("pool")));
    Instant conflictSince = maybeInstant(r, "conflict_since");
    Instant conflictAt = maybeInstant(r, "conflict_at");
    String announced = r.getString("announced");
    Instant announcedAt = maybeInstant(r, "announced_at");
    installation.restore(
        new Starts(r.getLong("starts"), r.getObject("starts_of", UUID.class)),
        observation(r),
        conflictSince == null || conflictAt == null
            ? null
            : new Conflict(conflictSince, conflictAt, r.getString("conflict_reason")),
        new Compared(
            digest(r, "baseline"),
            r.getString("baseline_name"),
            r.getLong("catalogue_revision"),
            r.getLong("open_deviations"),
            r.getLong("unlisted_deviations"),
            r.getLong("unproven"),
            fingerprint(r, "drift_signature")),
        r.getString("transit") == null ? null : json(r, "transit", TRANSIT),
        new Installation.Image(r.getString("image"), r.getBoolean("image_unknown")),
        r.getBoolean("silent"),
        announced == null || announcedAt == null
            ? Optional.empty()
            : Optional.of(new Announced(announced, announcedAt)));
    installation.skewMillis(r.getObject("skew_ms", Long.class));
    return installation;
  }

  private static Optional<Barred> barred(ResultSet r) throws SQLException {
    Instant revoked = maybeInstant(r, "revoked_at");
    if (revoked != null) {
      return Optional.of(
          new Barred(
              revoked,
              "revoked by " + r.getString("revoked_by") + ": " + r.getString("revoked_why")));
    }
    Instant replaced = maybeInstant(r, "replaced_at");
    return replaced == null
        ? Optional.empty()
        : Optional.of(replaced(replaced, r.getString("replaced_by")));
  }

  private static Barred replaced(Instant at, String by) {
    return new Barred(at, "its host has a later life, installation " + by);
  }

  private static Observation observation(ResultSet r) throws SQLException {
    return new Observation(
        digest(r, "reference"),
        maybeInstant(r, "reference_since"),
        fingerprint(r, "fingerprint"),
        r.getInt("overlay_size"),
        r.getLong("facts"),
        r.getLong("gaps"),
        maybeInstant(r, "last_full_compare"),
        r.getLong("lost"),
        r.getString("watching"));
  }

  /** Makes rows for installations, and their hosts, that were not known before. */
  public static void insert(Connection connection, Collection<Installation> installations)
      throws SQLException {
    if (installations.isEmpty()) {
      return;
    }
    try (PreparedStatement host =
            connection.prepareStatement(
                "insert into host (id, name, pool, labels, created_at) values (?, ?, ?, ?, ?)"
                    + " on conflict (id) do nothing");
        PreparedStatement life =
            connection.prepareStatement(
                """
                insert into installation (id, host, part, public_key, first_seen, last_seen,
                    reported_at, seen_at, incarnation, sequence, scope, silent_after, sync_since,
                    verdict_since, admission, admitted_by, admitted_at, counted_pool)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
      for (Installation i : installations) {
        host.setObject(1, i.host());
        host.setString(2, i.machine().hostname());
        host.setString(3, i.pool());
        host.setObject(4, json(i.assignedLabels()), Types.OTHER);
        host.setTimestamp(5, Timestamp.from(i.firstSeen()));
        host.addBatch();
        life.setObject(1, i.id());
        life.setObject(2, i.host());
        life.setInt(3, i.part());
        life.setBytes(4, i.publicKey().toByteArray());
        life.setTimestamp(5, Timestamp.from(i.firstSeen()));
        life.setTimestamp(6, Timestamp.from(i.contact().lastSeen()));
        life.setTimestamp(7, Timestamp.from(i.contact().reportedAt()));
        life.setTimestamp(8, Timestamp.from(i.contact().seenAt()));
        life.setObject(9, i.contact().incarnation());
        life.setLong(10, i.contact().sequence());
        life.setBytes(11, i.machine().scope().toByteArray());
        life.setTimestamp(12, Timestamp.from(i.contact().silentAfter()));
        life.setTimestamp(13, Timestamp.from(i.sync().since()));
        life.setTimestamp(14, Timestamp.from(i.standing().since()));
        life.setString(15, i.admittance().how().wireName());
        life.setString(16, i.admittance().by());
        life.setTimestamp(17, timestamp(i.admittance().at()));
        life.setString(18, i.pool());
        life.addBatch();
      }
      host.executeBatch();
      life.executeBatch();
    }
  }

  /** Writes what heartbeats change, of many installations in one statement. */
  public static void updateContacts(Connection connection, Collection<Installation> installations)
      throws SQLException {
    if (installations.isEmpty()) {
      return;
    }
    int n = installations.size();
    UUID[] ids = new UUID[n];
    Timestamp[] seen = new Timestamp[n];
    Timestamp[] reported = new Timestamp[n];
    Timestamp[] proven = new Timestamp[n];
    UUID[] incarnations = new UUID[n];
    Long[] sequences = new Long[n];
    byte[][] recent = new byte[n][];
    Integer[] intervals = new Integer[n];
    Timestamp[] silentAfter = new Timestamp[n];
    Long[] skews = new Long[n];
    int at = 0;
    for (Installation i : installations) {
      Contact c = i.contact();
      ids[at] = i.id();
      seen[at] = Timestamp.from(c.lastSeen());
      reported[at] = Timestamp.from(c.reportedAt());
      proven[at] = Timestamp.from(c.seenAt());
      incarnations[at] = c.incarnation();
      sequences[at] = c.sequence();
      recent[at] = c.recent().toByteArray();
      intervals[at] = c.intervalSeconds();
      silentAfter[at] = Timestamp.from(c.silentAfter());
      skews[at] = i.skewMillis();
      at++;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update installation set last_seen = n.seen, reported_at = n.reported,
              seen_at = n.proven, incarnation = n.incarnation, sequence = n.sequence, recent = n.recent,
              interval_seconds = n.seconds, silent_after = n.silent_after, skew_ms = n.skew
            from unnest(?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                ?::uuid[], ?::bigint[], ?::bytea[], ?::int[], ?::timestamptz[], ?::bigint[])
              as n (id, seen, reported, proven, incarnation, sequence, recent, seconds, silent_after,
                skew)
            where installation.id = n.id
            """)) {
      s.setArray(1, array(connection, "uuid", ids));
      s.setArray(2, array(connection, "timestamptz", seen));
      s.setArray(3, array(connection, "timestamptz", reported));
      s.setArray(4, array(connection, "timestamptz", proven));
      s.setArray(5, array(connection, "uuid", incarnations));
      s.setArray(6, array(connection, "bigint", sequences));
      s.setArray(7, array(connection, "bytea", recent));
      s.setArray(8, array(connection, "int", intervals));
      s.setArray(9, array(connection, "timestamptz", silentAfter));
      s.setArray(10, array(connection, "bigint", skews));
      s.executeUpdate();
    }
  }

  /** Writes under which revision of the catalogue they are as they were. */
  public static void updateRevisions(Connection connection, Collection<Installation> followed)
      throws SQLException {
    if (followed.isEmpty()) {
      return;
    }
    UUID[] ids = new UUID[followed.size()];
    Long[] revisions = new Long[followed.size()];
    int at = 0;
    for (Installation i : followed) {
      ids[at] = i.id();
      revisions[at] = i.compared().revision();
      at++;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update installation set catalogue_revision = n.revision
            from unnest(?::uuid[], ?::bigint[]) as n (id, revision)
            where installation.id = n.id
            """)) {
      s.setArray(1, array(connection, "uuid", ids));
      s.setArray(2, array(connection, "bigint", revisions));
      s.executeUpdate();
    }
  }

  /** Writes everything but what {@link #updateContacts} writes. */
  public static void update(Connection connection, Collection<Installation> installations)
      throws SQLException {
    if (installations.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
            connection.prepareStatement(
                """
                update installation set scope = ?, boot_id = ?, hostname = ?, asserted_labels = ?,
                  collector_version = ?, machine = ?, starts = ?, starts_of = ?, silent = ?, announced = ?, announced_at = ?,
                  reference = ?, reference_since = ?, fingerprint = ?, overlay_size = ?, sync = ?,
                  sync_since = ?, sync_reason = ?, facts = ?, gaps = ?, last_full_compare = ?,
                  lost = ?, watching = ?, conflict_since = ?, conflict_at = ?, conflict_reason = ?,
                  baseline = ?, catalogue_revision = ?, open_deviations = ?,
                  unlisted_deviations = ?, unproven = ?, drift_signature = ?, verdict = ?,
                  score = ?, recommendation = ?, sentence = ?, reasons = ?, verdict_since = ?,
                  verdict_number = ?, judge_at = ?, breakdown = ?, advice = ?, transit = ?, image = ?,
                  image_unknown = ?, ended = ?, counted_pool = ?
                where id = ?
                """);
        PreparedStatement host =
            connection.prepareStatement(
                """
                update host set name = case when named then name else ? end, retired_at = ?
                where id = ?
                and (case when named then '' else name end, retired_at)
                  is distinct from (case when named then '' else ? end, ?::timestamptz)
                """)) {
      for (Installation i : installations) {
        set(s, i);
        s.addBatch();
        if (i.hasEnded()) {
          // Its host is another's now.
          continue;
        }
        Timestamp retired =
            i.isRetired() ? timestamp(i.announced().map(Announced::at).orElse(null)) : null;
        host.setString(1, i.machine().hostname());
        host.setTimestamp(2, retired);
        host.setObject(3, i.host());
        host.setString(4, i.machine().hostname());
        host.setTimestamp(5, retired);
        host.addBatch();
      }
      s.executeBatch();
      host.executeBatch();
    }
  }

  private static void set(PreparedStatement s, Installation i) throws SQLException {
    int at = 1;
    s.setBytes(at++, i.machine().scope().toByteArray());
    s.setBytes(at++, i.machine().bootId().toByteArray());
    s.setString(at++, i.machine().hostname());
    s.setObject(at++, json(i.machine().labels()), Types.OTHER);
    s.setString(at++, i.machine().collectorVersion());
    s.setBytes(at++, i.machine().machine().toByteArray());
    s.setLong(at++, i.starts().count());
    s.setObject(at++, i.starts().incarnation(), Types.OTHER);
    s.setBoolean(at++, i.isSilent());
    s.setString(at++, i.announced().map(Announced::what).orElse(null));
    s.setTimestamp(at++, timestamp(i.announced().map(Announced::at).orElse(null)));
    Observation o = i.observation();
    s.setBytes(at++, o.reference() == null ? null : o.reference().bytes().toByteArray());
    s.setTimestamp(at++, timestamp(o.referenceSince()));
    s.setBytes(at++, o.fingerprint() == null ? null : o.fingerprint().bytes().toByteArray());
    s.setInt(at++, o.overlaySize());
    s.setString(at++, i.sync().kind().wireName());
    s.setTimestamp(at++, Timestamp.from(i.sync().since()));
    s.setString(at++, i.sync().reason());
    s.setLong(at++, o.facts());
    s.setLong(at++, o.gaps());
    s.setTimestamp(at++, timestamp(o.lastFullCompare()));
    s.setLong(at++, o.lost());
    s.setString(at++, o.watching());
    s.setTimestamp(at++, timestamp(i.conflict().map(Conflict::since).orElse(null)));
    s.setTimestamp(at++, timestamp(i.conflict().map(Conflict::at).orElse(null)));
    s.setString(at++, i.conflict().map(Conflict::reason).orElse(""));
    Compared c = i.compared();
    s.setBytes(at++, c.baseline() == null ? null : c.baseline().bytes().toByteArray());
    s.setLong(at++, c.revision());
    s.setLong(at++, c.open());
    s.setLong(at++, c.unlisted());
    s.setLong(at++, c.unproven());
    s.setBytes(at++, c.signature() == null ? null : c.signature().bytes().toByteArray());
    Standing v = i.standing();
    s.setString(at++, v.verdict().wireName());
    s.setInt(at++, v.score());
    s.setString(at++, v.recommendation().wireName());
    s.setString(at++, v.sentence());
    s.setObject(at++, json(v.reasons()), Types.OTHER);
    s.setTimestamp(at++, Timestamp.from(v.since()));
    s.setLong(at++, v.number());
    s.setTimestamp(at++, timestamp(v.judgeAt()));
    s.setObject(at++, json(v.breakdown()), Types.OTHER);
    s.setObject(at++, json(v.advice()), Types.OTHER);
    Optional<Transit> transit = i.transit();
    s.setObject(at++, transit.isPresent() ? json(transit.get()) : null, Types.OTHER);
    s.setString(at++, i.image().name());
    s.setBoolean(at++, i.image().unknown());
    s.setBoolean(at++, i.hasEnded());
    s.setString(at++, i.pool());
    s.setObject(at, i.id());
  }

  /** Keeps that another key speaks for an installation, and which one did before. */
  public static void updateKey(Connection connection, Installation i, Instant since)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "update installation set public_key = ?, previous_key = ?, key_since = ? where id = ?")) {
      s.setBytes(1, i.publicKey().toByteArray());
      s.setBytes(2, i.previousKey().map(ByteString::toByteArray).orElse(null));
      s.setTimestamp(3, Timestamp.from(since));
      s.setObject(4, i.id());
      s.executeUpdate();
    }
  }

  /**
   * Installations whose hosts have a later life, and why that is, before somebody has ended them.
   */
  public static Map<UUID, Barred> replaced(Connection connection, int part, int most)
      throws SQLException {
    Map<UUID, Barred> found = new LinkedHashMap<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select id, replaced_by, replaced_at from installation
            where part = ? and replaced_by is not null and not ended limit ?
            """)) {
      s.setInt(1, part);
      s.setInt(2, most);
      try (ResultSet rows = s.executeQuery()) {
        while (rows.next()) {
          found.put(
              rows.getObject("id", UUID.class),
              replaced(instant(rows, "replaced_at"), rows.getString("replaced_by")));
        }
      }
    }
    return found;
  }

  /** Notes that a later start of its collector has replaced this one. */
  public static void supersede(
      Connection connection, UUID installation, UUID incarnation, long sequence, Instant at)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into past_incarnation (installation, incarnation, sequence, superseded_at)
            values (?, ?, ?, ?) on conflict do nothing
            """)) {
      s.setObject(1, installation);
      s.setObject(2, incarnation);
      s.setLong(3, sequence);
      s.setTimestamp(4, Timestamp.from(at));
      s.executeUpdate();
    }
  }

  /** The last sequence taken of a start that was replaced; empty if it is not known. */
  public static Optional<Long> superseded(
      Connection connection, UUID installation, UUID incarnation) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "select sequence from past_incarnation where installation = ? and incarnation = ?")) {
      s.setObject(1, installation);
      s.setObject(2, incarnation);
      try (ResultSet rows = s.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
      }
    }
  }

  private static Array array(Connection connection, String type, Object[] values)
      throws SQLException {
    return connection.createArrayOf(type, values);
  }

  private static ByteString bytes(ResultSet r, String column) throws SQLException {
    return ByteString.copyFrom(r.getBytes(column));
  }

  private static Instant instant(ResultSet r, String column) throws SQLException {
    return r.getTimestamp(column).toInstant();
  }

  private static @Nullable Instant maybeInstant(ResultSet r, String column) throws SQLException {
    Timestamp timestamp = r.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }

  private static @Nullable Digest digest(ResultSet r, String column) throws SQLException {
    byte[] bytes = r.getBytes(column);
    return bytes == null ? null : new Digest(ByteString.copyFrom(bytes));
  }

  private static @Nullable Fingerprint fingerprint(ResultSet r, String column) throws SQLException {
    byte[] bytes = r.getBytes(column);
    return bytes == null ? null : new Fingerprint(ByteString.copyFrom(bytes));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and lists of text are always JSON", e);
    }
  }

  private static <T> T json(ResultSet r, String column, TypeReference<T> type) throws SQLException {
    try {
      return JSON.readValue(r.getString(column), type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("column " + column + " is not as it was written", e);
    }
  }
}
