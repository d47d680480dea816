package io.patina.engine.fleet;

import io.patina.facts.Escaped;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads where most hosts of a pool deviate from their baseline in the same way: then it may be the
 * baseline that is stale, and not they.
 */
@Singleton
public class Alike {

  private static final int MOST = 100;

  private final DataSource database;

  public Alike(DataSource database) {
    this.database = database;
  }

  /**
   * Hosts of one pool and one baseline that have one drift signature.
   *
   * @param hosts of the pool that are held against this baseline
   * @param alike of these, the ones that deviate in this way
   * @param signature their drift signature, hexadecimal
   * @param example one of them
   * @param deviations how many each has
   * @param such the first of them: facet and key, at most 5, safe to print
   */
  public record View(
      String pool,
      String baseline,
      String version,
      long hosts,
      long alike,
      String signature,
      UUID example,
      long deviations,
      List<String> such,
      String sentence) {}

  /**
   * At most 100, the largest share first.
   *
   * @param percent so many in a hundred hosts of a pool at least, 1 to 100
   * @param name of a baseline; null for all
   * @param version of a baseline; null for all
   */
  public List<View> list(int percent, @Nullable String name, @Nullable String version)
      throws SQLException {
    try (Connection c = database.getConnection();
        PreparedStatement s =
            c.prepareStatement(
                """
                with held as (
                  select h.pool, i.host, i.id, i.baseline, i.drift_signature, i.open_deviations,
                    count(*) over (partition by h.pool, i.baseline) as hosts
                  from installation i join host h on h.id = i.host
                  where h.retired_at is null and i.baseline is not null
                    and (?::text is null or i.baseline in
                      (select statement from baseline where name = ? and version = ?))
                    and not exists (
                      select from installation n
                      where n.host = i.host and (n.first_seen, n.id) > (i.first_seen, i.id))),
                same as (
                  select pool, baseline, drift_signature, hosts, count(*) as alike,
                    (array_agg(host order by id))[1] as example,
                    (array_agg(id order by id))[1] as installation,
                    max(open_deviations) as deviations
                  from held where drift_signature is not null
                  group by pool, baseline, drift_signature, hosts
                  having count(*) > 1 and count(*) * 100 >= hosts * ?::bigint)
                select s.pool, b.name, b.version, s.hosts, s.alike,
                  encode(s.drift_signature, 'hex'), s.example, s.deviations,
                  array(select d.facet || ' ' || d.key_text from deviation d
                    where d.installation = s.installation and d.end_latest is null
                    order by d.facet, d.key limit 5)
                from same s join baseline b on b.statement = s.baseline
                order by s.alike::float8 / s.hosts desc, s.alike desc, s.pool, b.name limit ?
                """)) {
      s.setString(1, name);
      s.setString(2, name);
      s.setString(3, version);
      s.setInt(4, percent);
      s.setInt(5, MOST);
      try (ResultSet r = s.executeQuery()) {
        List<View> found = new ArrayList<>();
        while (r.next()) {
          found.add(row(r));
        }
        return found;
      }
    }
  }

  private static View row(ResultSet r) throws SQLException {
    String pool = r.getString(1);
    String baseline = r.getString(2) + " " + r.getString(3);
    long hosts = r.getLong(4);
    long alike = r.getLong(5);
    long deviations = r.getLong(8);
    Array such = r.getArray(9);
    return new View(
        pool,
        r.getString(2),
        r.getString(3),
        hosts,
        alike,
        r.getString(6),
        r.getObject(7, UUID.class),
        deviations,
        List.of((String[]) such.getArray()),
        alike
            + " of "
            + hosts
            + " hosts of pool "
            + Escaped.text(pool)
            + " deviate from "
            + Escaped.text(baseline)
            + " in the same "
            + (deviations == 1 ? "fact" : deviations + " facts")
            + ": is it stale?");
  }
}
