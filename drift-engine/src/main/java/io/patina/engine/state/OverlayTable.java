package io.patina.engine.state;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of overlays. */
public final class OverlayTable {

  private OverlayTable() {}

  /** All rows of an installation. */
  public static Map<FactKey, OverlayValue> read(Connection connection, UUID installation)
      throws SQLException {
    Map<FactKey, OverlayValue> overlay = new TreeMap<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select facet, key, entry, unscoped, since_earliest, since_latest
            from overlay where installation = ?
            """)) {
      s.setObject(1, installation);
      try (ResultSet rows = s.executeQuery()) {
        while (rows.next()) {
          FactKey key = new FactKey(rows.getString(1), ByteString.copyFrom(rows.getBytes(2)));
          byte[] entry = rows.getBytes(3);
          Since since = new Since(instant(rows.getTimestamp(5)), rows.getTimestamp(6).toInstant());
          overlay.put(
              key,
              entry != null
                  ? new OverlayValue.Put(new Entry(key, ByteString.copyFrom(entry)), since)
                  : rows.getBoolean(4)
                      ? new OverlayValue.Unscoped(since)
                      : new OverlayValue.Removed(since));
        }
      }
    }
    return overlay;
  }

  /** Forgets all rows of an installation: its snapshot has a new reference. */
  public static void clear(Connection connection, UUID installation) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("delete from overlay where installation = ?")) {
      s.setObject(1, installation);
      s.executeUpdate();
    }
  }

  /** Writes rows, over those that are there. */
  public static void put(
      Connection connection, UUID installation, Map<FactKey, OverlayValue> values)
      throws SQLException {
    if (values.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into overlay (installation, key_id, facet, key, entry, unscoped,
                since_earliest, since_latest)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (installation, key_id) do update set entry = excluded.entry,
              unscoped = excluded.unscoped, since_earliest = excluded.since_earliest,
              since_latest = excluded.since_latest
            """)) {
      for (Map.Entry<FactKey, OverlayValue> each : values.entrySet()) {
        FactKey key = each.getKey();
        OverlayValue value = each.getValue();
        s.setObject(1, installation);
        s.setBytes(2, KeyId.of(key).toByteArray());
        s.setString(3, key.facet());
        s.setBytes(4, key.name().toByteArray());
        s.setBytes(5, value.stated().map(e -> e.canonical().toByteArray()).orElse(null));
        s.setBoolean(6, value instanceof OverlayValue.Unscoped);
        s.setTimestamp(7, timestamp(value.since().earliest()));
        s.setTimestamp(8, Timestamp.from(value.since().latest()));
        s.addBatch();
      }
      s.executeBatch();
    }
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }
}
