package io.patina.engine.fleet;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Reads which images hosts run that no approved baseline is of. */
@Singleton
public class UnknownImages {

  private static final int MOST = 100;

  private final DataSource database;

  UnknownImages(DataSource database) {
    this.database = database;
  }

  /**
   * One image.
   *
   * @param image such as {@code flatcar 4152.2.1}, safe to print
   * @param hosts that run it
   * @param example the name of one of them
   */
  public record View(String image, long hosts, String example) {}

  /** Those that most hosts run first, at most 100. */
  public List<View> list() throws SQLException {
    try (Connection c = database.getConnection();
        PreparedStatement s =
            c.prepareStatement(
                """
                select i.image, count(distinct h.id), min(h.name)
                from installation i join host h on h.id = i.host
                where i.image_unknown and h.retired_at is null
                  and not exists (
                    select from installation n
                    where n.host = i.host and (n.first_seen, n.id) > (i.first_seen, i.id))
                group by i.image order by 2 desc, 1 limit ?
                """)) {
      s.setInt(1, MOST);
      try (ResultSet r = s.executeQuery()) {
        List<View> found = new ArrayList<>();
        while (r.next()) {
          found.add(new View(r.getString(1), r.getLong(2), r.getString(3)));
        }
        return found;
      }
    }
  }
}
