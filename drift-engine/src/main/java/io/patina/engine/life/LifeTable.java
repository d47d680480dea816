package io.patina.engine.life;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.patina.manifest.Digest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** SQL of the stages of baselines. */
final class LifeTable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String COLUMNS =
      """
      select statement, name, version, state, entries is not null, author, submitted_by, selector,
        envelope, precedence, encode(manifest, 'hex')
      from baseline
      """;

  /**
   * What the table holds of a baseline.
   *
   * @param fetched whether its manifest is here
   * @param submittedBy who handed it in by the API; empty if a topic brought it
   */
  record Row(
      Digest statement,
      Stage stage,
      boolean fetched,
      String author,
      Optional<String> submittedBy,
      String manifest,
      Claim claim) {}

  private LifeTable() {}

  /** Holds the catalogue until the transaction ends: one step after the other. */
  static void lock(Connection connection) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("select revision from catalogue for update")) {
      s.execute();
    }
  }

  static Optional<Row> find(Connection connection, String name, String version)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(COLUMNS + "where name = ? and version = ?")) {
      s.setString(1, name);
      s.setString(2, version);
      return rows(s).stream().findFirst();
    }
  }

  static Optional<Row> find(Connection connection, Digest statement) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(COLUMNS + "where statement = ?")) {
      s.setBytes(1, statement.bytes().toByteArray());
      return rows(s).stream().findFirst();
    }
  }

  /** Those of the same precedence that are approved, rolling out or active, of other names. */
  static List<Row> peers(Connection connection, Claim claim) throws SQLException {
    String sql =
        COLUMNS
            + """
            where state in ('approved', 'rolling-out', 'active') and precedence = ? and name <> ?
            """
            + (claim.installation().isPresent()
                ? "and (selector ->> 'installation' = ? or selector ->> 'installation' is null)"
                : "");
    try (PreparedStatement s = connection.prepareStatement(sql)) {
      s.setInt(1, claim.precedence());
      s.setString(2, claim.name());
      if (claim.installation().isPresent()) {
        s.setString(3, claim.installation().get());
      }
      return rows(s);
    }
  }

  /** The other active version of a name. */
  static List<Row> active(Connection connection, String name, Digest butStatement)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            COLUMNS + "where name = ? and state = 'active' and statement <> ?")) {
      s.setString(1, name);
      s.setBytes(2, butStatement.bytes().toByteArray());
      return rows(s);
    }
  }

  /** The other version of a name that is being rolled out. */
  static List<Row> rollingOut(Connection connection, String name, Digest butStatement)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            COLUMNS + "where name = ? and state = 'rolling-out' and statement <> ?")) {
      s.setString(1, name);
      s.setBytes(2, butStatement.bytes().toByteArray());
      return rows(s);
    }
  }

  /** Whether a version of that name that was made later is active. */
  static boolean laterIsActive(Connection connection, Digest statement) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select exists (select from baseline later join baseline it on later.name = it.name
              where it.statement = ? and later.state = 'active'
              and later.created_at > it.created_at)
            """)) {
      s.setBytes(1, statement.bytes().toByteArray());
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getBoolean(1);
      }
    }
  }

  static void approve(Connection connection, Digest statement, String by, int precedence)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update baseline set approved_by = ?, approved_at = now(), precedence = ?
            where statement = ?
            """)) {
      s.setString(1, by);
      s.setInt(2, precedence);
      s.setBytes(3, statement.bytes().toByteArray());
      s.executeUpdate();
    }
  }

  /** Moves it to a stage, as one more catalogue revision. */
  static void move(Connection connection, Digest statement, Stage to) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            with next as (update catalogue set revision = revision + 1 returning revision)
            update baseline set state = ?, revision = next.revision,
              active_since = case when ? then now() else active_since end
            from next where statement = ?
            """)) {
      s.setString(1, to.wireName());
      s.setBoolean(2, to == Stage.ACTIVE);
      s.setBytes(3, statement.bytes().toByteArray());
      s.executeUpdate();
    }
  }

  private static List<Row> rows(PreparedStatement s) throws SQLException {
    List<Row> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        JsonNode selector = JSON.readTree(r.getString(8));
        Map<String, String> labels = new TreeMap<>();
        selector
            .path("labels")
            .properties()
            .forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
        found.add(
            new Row(
                new Digest(ByteString.copyFrom(r.getBytes(1))),
                Stage.of(r.getString(4)),
                r.getBoolean(5),
                r.getString(6),
                Optional.ofNullable(r.getString(7)),
                r.getString(11),
                new Claim(
                    r.getString(2),
                    r.getString(3),
                    Optional.ofNullable(selector.path("installation").textValue()),
                    labels,
                    scopes(r.getString(9)),
                    r.getInt(10))));
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new SQLException("a stored baseline is none", e);
    }
    return found;
  }

  /** The envelope was verified before it was stored. */
  private static Set<String> scopes(String envelope) throws JsonProcessingException {
    byte[] payload = Base64.getDecoder().decode(JSON.readTree(envelope).path("payload").asText());
    Set<String> scopes = new HashSet<>();
    JSON.readTree(new String(payload, StandardCharsets.UTF_8))
        .path("predicate")
        .path("scopes")
        .forEach(s -> scopes.add(s.asText()));
    return scopes;
  }
}
