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
import java.util.Optional;

/** SQL of manifests, kept once per content with the set hash over all their entries. */
public final class ManifestTable {

  private static final int LEVEL = 3;

  private ManifestTable() {}

  /** Keeps a manifest; keeping it twice is no error. */
  public static void insert(Connection connection, Manifest manifest) throws SQLException {
    if (holds(connection, manifest.digest())) {
      touch(connection, manifest.digest());
      return;
    }
    insert(connection, manifest, manifest.hash());
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
      s.setLong(3, manifest.canonical().size());
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
  static Optional<Reference> read(Connection connection, Digest digest) throws SQLException {
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

  private static void touch(Connection connection, Digest digest) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("update manifest set used_at = now() where digest = ?")) {
      s.setBytes(1, digest.bytes().toByteArray());
      s.executeUpdate();
    }
  }
}
