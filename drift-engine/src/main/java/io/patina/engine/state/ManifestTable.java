package io.patina.engine.state;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.patina.fingerprint.LtHash16;
import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** SQL of manifests, kept once per content with the set hash over all their entries. */
public final class ManifestTable {

  private static final int LEVEL = 3;

  private ManifestTable() {}

  /** Keeps a manifest; keeping it twice is no error. */
  public static void insert(Connection connection, Manifest manifest) throws SQLException {
    if (!hold(connection, manifest.digest())) {
      insert(connection, manifest, manifest.hash());
    }
  }

  /**
   * Whether a manifest is held; if so, it stays until the transaction ends. Ask before anything
   * refers to one that was only found in memory: it may have been swept away.
   */
  public static boolean hold(Connection connection, Digest digest) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("select 1 from manifest where digest = ? for key share")) {
      s.setBytes(1, digest.bytes().toByteArray());
      try (ResultSet rows = s.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Forgets manifests that nothing refers to any more; the answer is how many. */
  static int sweep(Connection connection, Duration olderThan) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            delete from manifest m where used_at < now() - make_interval(secs => ?)
            and not exists (select from installation i where i.reference = m.digest)
            and not exists (select from baseline b where b.manifest = m.digest)
            """)) {
      s.setDouble(1, (double) olderThan.toSeconds());
      return s.executeUpdate();
    }
  }

  /** Keeps a manifest whose hash has been computed already. */
  public static void insert(Connection connection, Manifest manifest, LtHash16 hash)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into manifest (digest, entries, bytes, content, accumulator)
            values (?, ?, ?, ?, ?) on conflict (digest) do update set used_at = now()
            """)) {
      s.setBytes(1, manifest.digest().bytes().toByteArray());
      s.setInt(2, manifest.size());
      s.setLong(3, manifest.bytes());
      s.setBytes(4, Zstd.compress(manifest.canonical().toByteArray(), LEVEL));
      s.setBytes(5, hash.state().toByteArray());
      s.executeUpdate();
    }
  }

  public static boolean holds(Connection connection, Digest digest) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("select 1 from manifest where digest = ?")) {
      s.setBytes(1, digest.bytes().toByteArray());
      try (ResultSet rows = s.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Number of entries of a manifest that is held. */
  public static int entries(Connection connection, Digest digest) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("select entries from manifest where digest = ?")) {
      s.setBytes(1, digest.bytes().toByteArray());
      try (ResultSet rows = s.executeQuery()) {
        if (!rows.next()) {
          throw new IllegalStateException("manifest " + digest + " is not held");
        }
        return rows.getInt(1);
      }
    }
  }

  /** Reads a manifest, or empty if it is not held. */
  public static Optional<Reference> read(Connection connection, Digest digest) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "select bytes, content, accumulator from manifest where digest = ?")) {
      s.setBytes(1, digest.bytes().toByteArray());
      try (ResultSet rows = s.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        byte[] canonical = Zstd.decompress(rows.getBytes(2), Math.toIntExact(rows.getLong(1)));
        Manifest manifest = Manifest.decode(ByteString.copyFrom(canonical));
        return Optional.of(
            new Reference(manifest, LtHash16.ofState(ByteString.copyFrom(rows.getBytes(3)))));
      }
    } catch (MalformedManifestException e) {
      throw new IllegalStateException("manifest " + digest + " was accepted and is unreadable", e);
    }
  }
}
