package io.patina.engine.catalogue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.patina.engine.rollout.Rollout;
import io.patina.engine.rollout.RolloutTable;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    Map<Digest, Baseline> comes = new HashMap<>();
    for (Waiting w : read(connection, roots, "state in ('active', 'rolling-out')")) {
      if (w.state().equals("active")) {
        active.add(w.baseline());
      } else {
        comes.put(w.baseline().statement(), w.baseline());
      }
    }
    List<Catalogue.Coming> coming = new ArrayList<>();
    for (Rollout r : RolloutTable.goingOn(connection)) {
      Baseline to = comes.get(r.to());
      if (to != null) {
        coming.add(new Catalogue.Coming(r, to));
      }
    }
    return new Catalogue(revision, active, coming, images(connection));
  }

  private static Images images(Connection connection) throws SQLException {
    List<Images.Of> known = new ArrayList<>();
    try (PreparedStatement s =
            connection.prepareStatement(
                "select image, statement, name, version, state from baseline where image <> ''");
        ResultSet rows = s.executeQuery()) {
      while (rows.next()) {
        known.add(
            new Images.Of(
                rows.getString(1),
                new Digest(ByteString.copyFrom(rows.getBytes(2))),
                rows.getString(3) + " " + rows.getString(4),
                rows.getString(5)));
      }
    }
    return Images.of(known);
  }

  /** Notes which image a statement's manifest is of. */
  static void image(Connection connection, Digest statement, String image) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("update baseline set image = ? where statement = ?")) {
      s.setString(1, image);
      s.setBytes(2, statement.bytes().toByteArray());
      s.executeUpdate();
    }
  }

  /** What is not active yet, verified again, the newest first, so many at most. */
  static List<Waiting> waiting(Connection connection, TrustRoots roots, int most)
      throws SQLException {
    return read(
        connection,
        roots,
        "state in ('rolling-out', 'approved', 'draft') order by created_at desc, statement limit "
            + most);
  }

  /** One, verified again. */
  static Optional<Waiting> find(
      Connection connection, TrustRoots roots, String name, String version) throws SQLException {
    return read(connection, roots, "name = ? and version = ?", name, version).stream().findFirst();
  }

  private static List<Waiting> read(
      Connection connection, TrustRoots roots, String which, String... parameters)
      throws SQLException {
    List<Waiting> found = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
                select statement, envelope, coalesce(approved_at, active_since, created_at),
                  precedence, state, greatest(coalesce(approved_at, created_at), active_since,
                    (select max(case when r.baseline = b.statement then r.started_at
                        else r.ended_at end)
                     from rollout r
                     where r.baseline = b.statement
                       or (r.previous = b.statement and r.state = 'rolled-back')))
                from baseline b where\s"""
                + which)) {
      for (int i = 0; i < parameters.length; i++) {
        s.setString(i + 1, parameters[i]);
      }
      found.addAll(read(s, roots));
    }
    return found;
  }

  private static List<Waiting> read(PreparedStatement s, TrustRoots roots) throws SQLException {
    List<Waiting> found = new ArrayList<>();
    try (ResultSet rows = s.executeQuery()) {
      while (rows.next()) {
        Digest statement = new Digest(ByteString.copyFrom(rows.getBytes(1)));
        try {
          Envelope envelope = Envelope.ofJson(rows.getString(2));
          // A key may expire after what it signed was approved; a revoked one never counts.
          TrustRoots then =
              rows.getString(5).equals("draft")
                  ? roots
                  : roots.at(rows.getTimestamp(3).toInstant());
          found.add(
              new Waiting(
                  new Baseline(
                      statement,
                      BaselineStatement.verify(envelope, then),
                      rows.getTimestamp(3).toInstant(),
                      rows.getInt(4),
                      rows.getTimestamp(6).toInstant()),
                  rows.getString(5)));
        } catch (UntrustedException | MalformedBaselineException e) {
          LOG.errorf("baseline %s is not used: %s", statement, e.getMessage());
        }
      }
    }
    return found;
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
                created_at, signer, envelope, state, revision, precedence)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?)
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
      s.setInt(12, golden.selector().precedence());
      return s.executeUpdate() == 1;
    }
  }

  /** Notes who handed a statement in; the first one stays. */
  static void submitted(Connection connection, Digest statement, String by) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update baseline set submitted_by = ? where statement = ? and submitted_by is null
            """)) {
      s.setString(1, by);
      s.setBytes(2, statement.bytes().toByteArray());
      s.executeUpdate();
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

  /** Statements whose manifest is here and was not looked at yet: statement, manifest. */
  static List<Digest[]> unpictured(Connection connection) throws SQLException {
    return pairs(
        connection,
        "select statement, manifest from baseline where entries is not null and image is null"
            + " limit 10");
  }

  /** Statements whose manifest is still to be fetched: statement, manifest. */
  static List<Digest[]> unfetched(Connection connection) throws SQLException {
    return pairs(connection, "select statement, manifest from baseline where entries is null");
  }

  private static List<Digest[]> pairs(Connection connection, String query) throws SQLException {
    List<Digest[]> found = new ArrayList<>();
    try (PreparedStatement s = connection.prepareStatement(query);
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
