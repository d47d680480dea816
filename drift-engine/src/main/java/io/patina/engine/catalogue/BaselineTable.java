package io.patina.engine.catalogue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.MalformedBaselineException;
import io.patina.golden.Selector;
import io.patina.manifest.Digest;
import io.patina.signing.Envelope;
import io.patina.signing.PublicKey;
import io.patina.signing.TrustRoots;
import io.patina.signing.UntrustedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** SQL of baselines and of the catalogue's revision. */
final class BaselineTable {

  private static final Logger LOG = Logger.getLogger(BaselineTable.class);

  /** What the table holds of a statement. */
  record Known(String state, boolean fetched) {}

  private BaselineTable() {}

  /** The current revision. */
  static long revision(Connection connection) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement("select revision from catalogue");
        ResultSet rows = s.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Takes the next revision; holds the catalogue until the transaction ends. */
  static long nextRevision(Connection connection) throws SQLException {
    try (PreparedStatement s =
            connection.prepareStatement(
                "update catalogue set revision = revision + 1 returning revision");
        ResultSet rows = s.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /**
   * What is active. Signatures are verified again: a key that is no longer trusted counts no more.
   */
  static Catalogue read(Connection connection, long revision, TrustRoots roots)
      throws SQLException {
    List<Baseline> active = new ArrayList<>();
    try (PreparedStatement s =
            connection.prepareStatement(
                """
                select statement, envelope, approved_at from baseline where state = 'active'
                """);
        ResultSet rows = s.executeQuery()) {
      while (rows.next()) {
        Digest statement = new Digest(ByteString.copyFrom(rows.getBytes(1)));
        try {
          Envelope envelope = Envelope.ofJson(rows.getString(2));
          active.add(
              new Baseline(
                  statement,
                  // A key may expire after what it signed was approved; a revoked one never counts.
                  BaselineStatement.verify(envelope, roots.at(rows.getTimestamp(3).toInstant())),
                  rows.getTimestamp(3).toInstant()));
        } catch (UntrustedException | MalformedBaselineException e) {
          LOG.errorf("active baseline %s is not used: %s", statement, e.getMessage());
        }
      }
    }
    return new Catalogue(revision, active);
  }

  /** What is known of a statement; empty if nothing. */
  static Optional<Known> find(Connection connection, Digest statement) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "select state, entries is not null from baseline where statement = ?")) {
      s.setBytes(1, statement.bytes().toByteArray());
      try (ResultSet rows = s.executeQuery()) {
        return rows.next()
            ? Optional.of(new Known(rows.getString(1), rows.getBoolean(2)))
            : Optional.empty();
      }
    }
  }

  /**
   * Keeps a verified statement as a draft.
   *
   * @return false if another statement already has its name and version
   */
  static boolean insert(
      Connection connection,
      Digest statement,
      GoldenBaseline golden,
      Envelope envelope,
      PublicKey signer,
      long revision)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into baseline (statement, name, version, manifest, policy, selector, author,
                created_at, signer, envelope, state, revision)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?)
            on conflict do nothing
            """)) {
      s.setBytes(1, statement.bytes().toByteArray());
      s.setString(2, golden.name());
      s.setString(3, golden.version());
      s.setBytes(4, golden.manifest().bytes().toByteArray());
      s.setString(5, golden.policy());
      s.setObject(6, json(golden.selector()), Types.OTHER);
      s.setString(7, golden.author());
      s.setTimestamp(8, Timestamp.from(golden.createdAt()));
      s.setString(9, signer.id());
      s.setString(10, envelope.json());
      s.setLong(11, revision);
      return s.executeUpdate() == 1;
    }
  }

  /** The statement's manifest is here. */
  static void fetched(Connection connection, Digest statement, int entries, long revision)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "update baseline set entries = ?, problem = null, revision = ? where statement = ?")) {
      s.setInt(1, entries);
      s.setLong(2, revision);
      s.setBytes(3, statement.bytes().toByteArray());
      s.executeUpdate();
    }
  }

  /** Notes why a statement cannot be used, for people; false if that was known. */
  static boolean problem(Connection connection, Digest statement, String problem)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update baseline set problem = ? where statement = ? and problem is distinct from ?
            """)) {
      s.setString(1, problem);
      s.setBytes(2, statement.bytes().toByteArray());
      s.setString(3, problem);
      return s.executeUpdate() == 1;
    }
  }

  /** Makes a draft active; an active one of the same name and no later creation is superseded. */
  static boolean activate(Connection connection, Digest statement, String by, long revision)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update baseline set approved_by = ?, approved_at = now(), revision = ?,
              state = case when exists (
                  select from baseline later where later.name = baseline.name
                  and later.state = 'active' and later.created_at > baseline.created_at)
                then 'superseded' else 'active' end
            where statement = ? and state = 'draft' and entries is not null
            """)) {
      s.setString(1, by);
      s.setLong(2, revision);
      s.setBytes(3, statement.bytes().toByteArray());
      if (s.executeUpdate() == 0) {
        return false;
      }
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update baseline older set state = 'superseded', revision = ?
            from baseline newer
            where newer.statement = ? and newer.state = 'active' and older.name = newer.name
            and older.state = 'active' and older.statement <> newer.statement
            """)) {
      s.setLong(1, revision);
      s.setBytes(2, statement.bytes().toByteArray());
      s.executeUpdate();
    }
    return true;
  }

  /** Statements whose manifest is still to be fetched: statement, manifest. */
  static List<Digest[]> unfetched(Connection connection) throws SQLException {
    List<Digest[]> found = new ArrayList<>();
    try (PreparedStatement s =
            connection.prepareStatement(
                "select statement, manifest from baseline where entries is null");
        ResultSet rows = s.executeQuery()) {
      while (rows.next()) {
        found.add(
            new Digest[] {
              new Digest(ByteString.copyFrom(rows.getBytes(1))),
              new Digest(ByteString.copyFrom(rows.getBytes(2)))
            });
      }
    }
    return found;
  }

  private static String json(Selector selector) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    selector.installation().ifPresent(i -> node.put("installation", i));
    ObjectNode labels = node.putObject("labels");
    selector.labels().forEach(labels::put);
    return node.toString();
  }
}
