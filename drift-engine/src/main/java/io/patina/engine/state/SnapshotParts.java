package io.patina.engine.state;

import com.google.protobuf.ByteString;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** SQL of snapshots that have not arrived completely: their parts are durable across batches. */
public final class SnapshotParts {

  /**
   * A part that has arrived.
   *
   * @param payload as received, one zstd frame
   */
  public record Part(int part, long sequence, ByteString payload) {}

  private SnapshotParts() {}

  /** The parts kept of an incarnation's snapshot, in order. */
  public static List<Part> read(Connection connection, UUID installation, UUID incarnation)
      throws SQLException {
    List<Part> parts = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select part, sequence, content from snapshot_part
            where installation = ? and incarnation = ? order by part
            """)) {
      s.setObject(1, installation);
      s.setObject(2, incarnation);
      try (ResultSet rows = s.executeQuery()) {
        while (rows.next()) {
          parts.add(
              new Part(rows.getInt(1), rows.getLong(2), ByteString.copyFrom(rows.getBytes(3))));
        }
      }
    }
    return parts;
  }

  public static void insert(Connection connection, UUID installation, UUID incarnation, Part part)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into snapshot_part (installation, incarnation, part, sequence, content)
            values (?, ?, ?, ?, ?)
            on conflict (installation, incarnation, part)
              do update set sequence = excluded.sequence, content = excluded.content
            """)) {
      s.setObject(1, installation);
      s.setObject(2, incarnation);
      s.setInt(3, part.part());
      s.setLong(4, part.sequence());
      s.setBytes(5, part.payload().toByteArray());
      s.executeUpdate();
    }
  }

  /** Forgets every part of an installation: the snapshot is complete, or was given up. */
  public static void clear(Connection connection, UUID installation) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("delete from snapshot_part where installation = ?")) {
      s.setObject(1, installation);
      s.executeUpdate();
    }
  }
}
