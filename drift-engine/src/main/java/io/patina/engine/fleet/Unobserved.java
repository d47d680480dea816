package io.patina.engine.fleet;

import io.patina.engine.fleet.UnobservedTimes.Interval;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads when a host was not observed. */
@Singleton
public class Unobserved {

  /** Latest events that are read; more than a host has in a year of daily reboots. */
  private static final int MOST = 5_000;

  private final DataSource database;

  Unobserved(DataSource database) {
    this.database = database;
  }

  /**
   * The times in which a host was not observed, latest first.
   *
   * @param knownAt what was recorded later is left out
   */
  public List<Interval> list(UUID host, Instant knownAt) throws SQLException {
    try (Connection c = database.getConnection();
        PreparedStatement s =
            c.prepareStatement(
                """
                select id, kind, installation, observed_at, recorded_at, data from event
                where host = ? and recorded_at <= ? and kind in ('host.silent', 'host.heard-again',
                  'host.announced', 'host.restarted', 'host.out-of-sync', 'host.in-sync',
                  'resolution.lost')
                order by observed_at desc, ordinal desc limit ?
                """)) {
      s.setObject(1, host);
      s.setObject(2, knownAt.atOffset(ZoneOffset.UTC));
      s.setInt(3, MOST);
      List<Timeline.Event> events = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          events.add(Timeline.event(r));
        }
      }
      return UnobservedTimes.of(events.reversed());
    }
  }
}
