package io.patina.engine.preview;

import io.patina.golden.GoldenBaseline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * SQL that picks hosts of every pool. Installation ids are random, so that the least are a sample.
 */
final class Sample {

  /** A host that was picked. */
  record Picked(UUID installation, String pool, long hostsOfPool) {}

  private Sample() {}

  /**
   * Current installations that a baseline selects by labels, installation and scope.
   *
   * @param labels the selector's, as a JSON object
   * @param perPool at most so many of each pool
   * @param most at most so many in all; every pool has its first before any has its second
   */
  static List<Picked> of(
      Connection connection, GoldenBaseline golden, String labels, int perPool, int most)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            with picked as (
              select i.id, h.pool,
                row_number() over (partition by h.pool order by i.id) as place,
                count(*) over (partition by h.pool) as hosts
              from installation i join host h on h.id = i.host
              where h.retired_at is null and h.pool <> '' and h.labels @> ?::jsonb
                and (? = '' or replace(i.id::text, '-', '') = ?)
                and (cardinality(?::bytea[]) = 0 or i.scope = any(?::bytea[]))
                and not exists (
                  select 1 from installation n
                  where n.host = i.host and (n.first_seen, n.id) > (i.first_seen, i.id)))
            select id, pool, hosts from picked where place <= ? order by place, pool limit ?
            """)) {
      String installation = golden.selector().installation().orElse("");
      byte[][] scopes =
          golden.scopes().stream().map(d -> d.bytes().toByteArray()).toArray(byte[][]::new);
      s.setString(1, labels);
      s.setString(2, installation);
      s.setString(3, installation);
      s.setArray(4, connection.createArrayOf("bytea", scopes));
      s.setArray(5, connection.createArrayOf("bytea", scopes));
      s.setInt(6, perPool);
      s.setInt(7, most);
      List<Picked> found = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.add(new Picked(r.getObject(1, UUID.class), r.getString(2), r.getLong(3)));
        }
      }
      return found;
    }
  }
}
