package io.patina.endtoend.line;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.TreeMap;
import java.util.UUID;

/** What the engine holds of one installation, as its database has it. */
final class EngineFacts {

  private EngineFacts() {}

  /** Reference and overlay put together. */
  static Manifest read(Connection connection, UUID installation)
      throws SQLException, IOException, MalformedManifestException {
    Digest scope;
    TreeMap<FactKey, Entry> facts = new TreeMap<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select i.scope, m.content, m.bytes from installation i join manifest m on m.digest = i.reference
            where i.id = ?
            """)) {
      s.setObject(1, installation);
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          throw new SQLException("nothing is known of " + installation);
        }
        scope = new Digest(ByteString.copyFrom(r.getBytes(1)));
        byte[] canonical = Zstd.decompress(r.getBytes(2), Math.toIntExact(r.getLong(3)));
        Manifest.decode(ByteString.copyFrom(canonical)).forEach(e -> facts.put(e.key(), e));
      }
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            "select facet, key, entry from overlay where installation = ?")) {
      s.setObject(1, installation);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          FactKey key = new FactKey(r.getString(1), ByteString.copyFrom(r.getBytes(2)));
          byte[] entry = r.getBytes(3);
          Entry unused =
              entry == null
                  ? facts.remove(key)
                  : facts.put(key, Entry.decode(ByteString.copyFrom(entry)));
        }
      }
    }
    ManifestBuilder builder = new ManifestBuilder(scope);
    facts.values().forEach(builder::add);
    return builder.build();
  }
}
