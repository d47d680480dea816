package io.patina.engine.deviations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.engine.state.KeyId;
import io.patina.engine.state.Since;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.verdict.DriftClass;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of deviations. */
public final class DeviationTable {

  /** Longest value shown of an attribute, in characters; the digest of the rest is in the fact. */
  private static final int MOST_SHOWN = 4096;

  private static final String EXPECTED = "expected:";
  private static final String ACTUAL = "actual:";

  private DeviationTable() {}

  /** What is open on an installation. */
  public static List<Deviation> readOpen(Connection connection, UUID installation)
      throws SQLException {
    List<Deviation> open = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select id, facet, key, kind, owner, drift_class, cause, onset_earliest, onset_latest,
              settles_at, changes, difference, because, actor, written_by, group_id, tell_at,
              unrest, unrest_since, unrest_last, volatile_since, as_expected, changed_at
            from deviation where installation = ? and end_latest is null
            """)) {
      s.setObject(1, installation);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          open.add(
              new Deviation(
                  r.getObject(1, UUID.class),
                  difference(r),
                  DriftClass.valueOf(constant(r.getString(6))),
                  evidence(r),
                  new Since(instant(r.getTimestamp(8)), r.getTimestamp(9).toInstant()),
                  r.getTimestamp(10).toInstant(),
                  r.getInt(11),
                  true,
                  r.getObject(16, UUID.class),
                  instant(r.getTimestamp(17)),
                  unrest(r, 18),
                  instant(r.getTimestamp(23))));
        }
      }
    }
    return open;
  }

  private static Unrest unrest(ResultSet r, int from) throws SQLException {
    return new Unrest(
        r.getInt(from),
        instant(r.getTimestamp(from + 1)),
        instant(r.getTimestamp(from + 2)),
        instant(r.getTimestamp(from + 3)),
        r.getBoolean(from + 4));
  }

  /** How restless these facts were when they ceased to deviate last, by id of their keys. */
  public static Map<ByteString, Unrest> lastUnrest(
      Connection connection, UUID installation, Collection<ByteString> keyIds) throws SQLException {
    Map<ByteString, Unrest> found = new HashMap<>();
    if (keyIds.isEmpty()) {
      return found;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select distinct on (key_id) unrest, unrest_since, unrest_last, volatile_since,
              as_expected, key_id
            from deviation
            where installation = ? and key_id = any(?) and end_latest is not null
            order by key_id, closed_observed_at desc
            """)) {
      s.setObject(1, installation);
      s.setArray(
          2,
          connection.createArrayOf(
              "bytea", keyIds.stream().map(ByteString::toByteArray).toArray(byte[][]::new)));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.put(ByteString.copyFrom(r.getBytes(6)), unrest(r, 1));
        }
      }
    }
    return found;
  }

  private static Evidence evidence(ResultSet r) throws SQLException {
    String writer = r.getString(15);
    try {
      return new Evidence(
          Cause.valueOf(constant(r.getString(7))),
          r.getString(13),
          r.getString(14),
          writer == null
              ? Optional.empty()
              : Optional.of(WrittenBy.of(new ObjectMapper().readTree(writer))));
    } catch (JsonProcessingException e) {
      throw new SQLException("written_by is no JSON", e);
    }
  }

  /** A difference from its canonical bytes and the annotations kept beside them. */
  private static Difference difference(ResultSet r) throws SQLException {
    return difference(
        new FactKey(r.getString(2), ByteString.copyFrom(r.getBytes(3))),
        ByteString.copyFrom(r.getBytes(12)),
        r.getString(4),
        r.getString(5),
        r.getString(6));
  }

  static Difference difference(
      FactKey key, ByteString bytes, String kind, @Nullable String owner, String driftClass) {
    Entry canonical = new Entry(key, bytes);
    Attributes.Builder expected = new Attributes.Builder();
    Attributes.Builder actual = new Attributes.Builder();
    for (Map.Entry<String, ByteString> a : canonical.attributes().values().entrySet()) {
      if (a.getKey().startsWith(EXPECTED)) {
        expected.bytes(a.getKey().substring(EXPECTED.length()), a.getValue());
      } else if (a.getKey().startsWith(ACTUAL)) {
        actual.bytes(a.getKey().substring(ACTUAL.length()), a.getValue());
      }
    }
    if (owner != null) {
      expected.text(Attributes.PACKAGE, owner);
    }
    if (driftClass.equals(DriftClass.CONFIGURATION.wireName())) {
      expected.text(Attributes.CONFFILE, "yes");
    }
    return new Difference(
        key, Difference.Kind.valueOf(constant(kind)), expected.build(), actual.build());
  }

  /** Writes what happened on one installation, in this order. Unlisted deviations have no rows. */
  public static void write(Connection connection, UUID installation, UUID host, List<Step> steps)
      throws SQLException {
    if (steps.isEmpty()) {
      return;
    }
    try (Writer writer = new Writer(connection, installation, host)) {
      for (Step step : steps) {
        if (step.deviation().listed()) {
          writer.write(step);
        }
      }
      writer.flush();
    }
  }

  /** The statements of one call, each batched; a change of statement flushes the one before. */
  private static final class Writer implements AutoCloseable {
    private final UUID installation;
    private final UUID host;
    private final PreparedStatement open;
    private final PreparedStatement change;
    private final PreparedStatement close;
    private final PreparedStatement explain;
    private final PreparedStatement restless;
    private @Nullable PreparedStatement pending;

    Writer(Connection connection, UUID installation, UUID host) throws SQLException {
      this.installation = installation;
      this.host = host;
      this.open =
          connection.prepareStatement(
              """
              insert into deviation (id, installation, host, key_id, facet, key, key_text, kind,
                  expected, actual, owner, drift_class, cause, baseline, fact_since,
                  onset_earliest, onset_latest, observed_at, settles_at, difference, written_by,
                  because, actor, group_id, tell_at, unrest, unrest_since, unrest_last, previous)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                ?, ?, ?,
                (select id from deviation before where before.installation = ?
                 and before.key_id = ? and before.end_latest is not null
                 order by closed_observed_at desc limit 1))
              """);
      this.change =
          connection.prepareStatement(
              """
              update deviation set kind = ?, expected = ?, actual = ?, changes = ?, difference = ?,
                cause = ?, because = ?, actor = ?, written_by = ?, group_id = ?, tell_at = ?,
                unrest = ?, unrest_since = ?, unrest_last = ?, changed_at = ?
              where id = ?
              """);
      this.close =
          connection.prepareStatement(
              """
              update deviation set end_earliest = ?, end_latest = ?, end_cause = ?,
                closed_observed_at = ?, closed_recorded_at = now(), unrest = ?, unrest_since = ?,
                unrest_last = ?, volatile_since = null, as_expected = false
              where id = ?
              """);
      this.restless =
          connection.prepareStatement(
              """
              update deviation set kind = coalesce(?, kind), expected = coalesce(?, expected),
                actual = coalesce(?, actual), changes = ?, difference = ?, unrest = ?,
                unrest_since = ?, unrest_last = ?, volatile_since = ?, as_expected = ?
              where id = ?
              """);
      this.explain =
          connection.prepareStatement(
              """
              update deviation set cause = ?, because = ?, actor = ?, written_by = ?, group_id = ?,
                tell_at = ?
              where id = ?
              """);
    }

    void write(Step step) throws SQLException {
      Deviation d = step.deviation();
      switch (step) {
        case Step.Opened opened -> {
          use(open);
          open(
              d,
              opened.factSince().latest(),
              opened.circumstances().baseline(),
              opened.circumstances().observedAt());
        }
        case Step.Listed listed -> {
          use(open);
          open(d, listed.factSince(), listed.circumstances().baseline(), listed.observedAt());
        }
        case Step.Changed changed -> {
          use(change);
          change.setString(1, d.difference().kind().wireName());
          change.setObject(2, json(d.difference().expected()), Types.OTHER);
          change.setObject(3, json(d.difference().actual()), Types.OTHER);
          change.setInt(4, d.changes());
          change.setBytes(5, d.difference().canonical().toByteArray());
          explanation(change, 6, d);
          unrest(change, 12, d);
          change.setTimestamp(15, timestamp(d.changedAt()));
          change.setObject(16, d.id());
          change.addBatch();
        }
        case Step.Closed closed -> {
          use(close);
          close.setTimestamp(1, timestamp(closed.end().earliest()));
          close.setTimestamp(2, Timestamp.from(closed.end().latest()));
          close.setString(3, closed.why().wireName());
          close.setTimestamp(4, Timestamp.from(closed.circumstances().observedAt()));
          unrest(close, 5, d);
          close.setObject(8, d.id());
          close.addBatch();
        }
        case Step.Restless moved -> {
          use(restless);
          Difference actual = moved.actual();
          restless.setString(1, actual == null ? null : actual.kind().wireName());
          restless.setObject(2, actual == null ? null : json(actual.expected()), Types.OTHER);
          restless.setObject(3, actual == null ? null : json(actual.actual()), Types.OTHER);
          restless.setInt(4, d.changes());
          restless.setBytes(5, d.difference().canonical().toByteArray());
          unrest(restless, 6, d);
          restless.setTimestamp(9, timestamp(d.unrest().volatileSince()));
          restless.setBoolean(10, d.unrest().asExpected());
          restless.setObject(11, d.id());
          restless.addBatch();
        }
        case Step.Explained explained -> {
          use(explain);
          explanation(explain, 1, d);
          explain.setObject(7, d.id());
          explain.addBatch();
        }
      }
    }

    private void open(Deviation d, Instant factSince, Digest baseline, Instant observedAt)
        throws SQLException {
      FactKey key = d.difference().key();
      byte[] keyId = KeyId.of(key).toByteArray();
      int at = 1;
      open.setObject(at++, d.id());
      open.setObject(at++, installation);
      open.setObject(at++, host);
      open.setBytes(at++, keyId);
      open.setString(at++, key.facet());
      open.setBytes(at++, key.name().toByteArray());
      open.setString(at++, key.displayName());
      open.setString(at++, d.difference().kind().wireName());
      open.setObject(at++, json(d.difference().expected()), Types.OTHER);
      open.setObject(at++, json(d.difference().actual()), Types.OTHER);
      open.setString(at++, d.difference().owner().orElse(null));
      open.setString(at++, d.driftClass().wireName());
      open.setString(at++, d.cause().wireName());
      open.setBytes(at++, baseline.bytes().toByteArray());
      open.setTimestamp(at++, Timestamp.from(factSince));
      open.setTimestamp(at++, timestamp(d.onset().earliest()));
      open.setTimestamp(at++, Timestamp.from(d.onset().latest()));
      open.setTimestamp(at++, Timestamp.from(observedAt));
      open.setTimestamp(at++, Timestamp.from(d.settlesAt()));
      open.setBytes(at++, d.difference().canonical().toByteArray());
      open.setObject(at++, writer(d), Types.OTHER);
      open.setString(at++, d.evidence().because());
      open.setString(at++, d.evidence().actor());
      open.setObject(at++, d.group());
      open.setTimestamp(at++, timestamp(d.tellAt()));
      unrest(open, at, d);
      at += 3;
      open.setObject(at++, installation);
      open.setBytes(at, keyId);
      open.addBatch();
    }

    /** Six parameters: cause, because, actor, written_by, group_id, tell_at. */
    private static void explanation(PreparedStatement s, int from, Deviation d)
        throws SQLException {
      int at = from;
      s.setString(at++, d.cause().wireName());
      s.setString(at++, d.evidence().because());
      s.setString(at++, d.evidence().actor());
      s.setObject(at++, writer(d), Types.OTHER);
      s.setObject(at++, d.group());
      s.setTimestamp(at, timestamp(d.tellAt()));
    }

    /** Three parameters: unrest, unrest_since, unrest_last. */
    private static void unrest(PreparedStatement s, int from, Deviation d) throws SQLException {
      s.setInt(from, d.unrest().changes());
      s.setTimestamp(from + 1, timestamp(d.unrest().first()));
      s.setTimestamp(from + 2, timestamp(d.unrest().last()));
    }

    private static @Nullable String writer(Deviation d) {
      return d.evidence().writer().map(w -> w.json().toString()).orElse(null);
    }

    private void use(PreparedStatement statement) throws SQLException {
      if (pending != null && pending != statement) {
        pending.executeBatch();
      }
      pending = statement;
    }

    void flush() throws SQLException {
      if (pending != null) {
        pending.executeBatch();
        pending = null;
      }
    }

    @Override
    public void close() throws SQLException {
      open.close();
      change.close();
      close.close();
      explain.close();
      restless.close();
    }
  }

  /** Attributes as JSON of shown values, annotations left out, long values cut. */
  public static String json(Attributes attributes) {
    return node(attributes).toString();
  }

  /** The same as a tree. */
  public static ObjectNode node(Attributes attributes) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    for (String name : attributes.values().keySet()) {
      if (!Attributes.isAnnotation(name)) {
        String shown = attributes.shown(name).orElse("");
        node.put(
            io.patina.facts.Escaped.text(name),
            shown.length() > MOST_SHOWN ? shown.substring(0, MOST_SHOWN) + "..." : shown);
      }
    }
    return node;
  }

  static String constant(String wireName) {
    return wireName.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }
}
