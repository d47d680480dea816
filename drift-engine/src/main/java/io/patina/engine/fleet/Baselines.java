package io.patina.engine.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.engine.problems.ProblemException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads golden baselines, by name and version. */
@Singleton
public class Baselines {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String BASELINE =
      """
      select name, version, state, encode(statement, 'hex') as statement,
        encode(manifest, 'hex') as manifest, policy, selector, author, created_at, signer,
        approved_by, approved_at, entries, problem, envelope
      from baseline
      """;

  private final DataSource database;

  Baselines(DataSource database) {
    this.database = database;
  }

  /**
   * A golden baseline as the API and the pages show it.
   *
   * @param state where it is in its life: draft, approved, rolling-out, active, superseded, retired
   * @param statement SHA-256 of the signed statement, hexadecimal
   * @param manifest SHA-256 of the manifest, hexadecimal
   * @param entries facts and gaps in the manifest; null until it has been fetched
   * @param problem why it cannot be used; null if it can
   * @param predicate the signed statement's predicate: expectations, scopes, where it is
   *     exhaustive; only for one baseline, null in lists
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record View(
      String name,
      String version,
      String state,
      String statement,
      String manifest,
      String policy,
      JsonNode selector,
      String author,
      Instant createdAt,
      String signer,
      @Nullable String approvedBy,
      @Nullable Instant approvedAt,
      @Nullable Integer entries,
      @Nullable String problem,
      @Nullable JsonNode predicate) {}

  /**
   * Baselines by name and version.
   *
   * @param cursor as {@link Listed#next} gave it; null for the first page
   * @throws ProblemException 400 if the cursor is none of this list
   */
  public Listed<View> list(int limit, @Nullable String cursor) throws SQLException {
    String list = Cursor.list("baselines");
    Optional<Cursor> after = Cursor.parse(cursor, list, 2);
    String sql =
        BASELINE
            + (after.isPresent() ? "where (name, version) > (?, ?) " : "")
            + "order by name, version limit ?";
    try (Connection c = database.getConnection();
        PreparedStatement s = c.prepareStatement(sql)) {
      int i = 1;
      if (after.isPresent()) {
        s.setString(i++, after.get().keys().getFirst());
        s.setString(i++, after.get().keys().getLast());
      }
      s.setInt(i, limit + 1);
      try (ResultSet r = s.executeQuery()) {
        List<View> found = new ArrayList<>();
        while (r.next()) {
          found.add(row(r, false));
        }
        return Listed.of(found, limit, b -> new Cursor(list, List.of(b.name(), b.version())));
      }
    }
  }

  /** One baseline; empty if there is none of that name and version. */
  public Optional<View> baseline(String name, String version) throws SQLException {
    try (Connection c = database.getConnection();
        PreparedStatement s = c.prepareStatement(BASELINE + "where name = ? and version = ?")) {
      s.setString(1, name);
      s.setString(2, version);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? Optional.of(row(r, true)) : Optional.empty();
      }
    }
  }

  private static View row(ResultSet r, boolean whole) throws SQLException {
    int entries = r.getInt("entries");
    boolean fetched = !r.wasNull();
    return new View(
        r.getString("name"),
        r.getString("version"),
        r.getString("state"),
        r.getString("statement"),
        r.getString("manifest"),
        r.getString("policy"),
        Columns.json(r, "selector"),
        r.getString("author"),
        Columns.instant(r, "created_at"),
        r.getString("signer"),
        r.getString("approved_by"),
        Columns.instantOrNull(r, "approved_at"),
        fetched ? entries : null,
        r.getString("problem"),
        whole ? predicate(r.getString("envelope")) : null);
  }

  /** The envelope was verified before it was stored. */
  private static JsonNode predicate(String envelope) throws SQLException {
    try {
      byte[] payload = Base64.getDecoder().decode(JSON.readTree(envelope).path("payload").asText());
      return JSON.readTree(new String(payload, StandardCharsets.UTF_8)).path("predicate");
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new SQLException("a stored envelope is none", e);
    }
  }
}
