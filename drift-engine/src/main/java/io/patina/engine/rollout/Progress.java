package io.patina.engine.rollout;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How far the hosts of a wave have come, each counted once.
 *
 * @param onOld wholly of the version before
 * @param onNew wholly of the new version
 * @param mixture some facts of each
 * @param unseen it cannot be told: nothing of it has been proven
 * @param conforming of those on the new version, the ones that are as it says
 */
public record Progress(
    long hosts, long onOld, long onNew, long mixture, long unseen, long conforming) {

  static final Progress NONE = new Progress(0, 0, 0, 0, 0, 0);

  /** Current installations of hosts that are not retired. */
  private static final String CURRENT =
      """
      from installation i join host h on h.id = i.host
      where h.retired_at is null and not exists (
        select from installation n
        where n.host = i.host and (n.first_seen, n.id) > (i.first_seen, i.id))
      """;

  /** Whether all of it, and there is something of it, is as the new version says. */
  boolean conforms() {
    return hosts > 0 && conforming == hosts;
  }

  private Progress plus(String place, long more, long conform) {
    return switch (place) {
      case "old" -> new Progress(hosts + more, onOld + more, onNew, mixture, unseen, conforming);
      case "new" ->
          new Progress(hosts + more, onOld, onNew + more, mixture, unseen, conforming + conform);
      case "mixture" ->
          new Progress(hosts + more, onOld, onNew, mixture + more, unseen, conforming);
      default -> new Progress(hosts + more, onOld, onNew, mixture, unseen + more, conforming);
    };
  }

  /** By the number of the wave; 0 are the hosts of none. */
  static Map<Integer, Progress> of(Connection connection, UUID rollout) throws SQLException {
    Map<Integer, Progress> progress = new TreeMap<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            "select (i.transit ->> 'wave')::int, i.transit ->> 'place', count(*),"
                + " count(*) filter (where i.verdict = 'conforming') "
                + CURRENT
                + " and i.transit ->> 'rollout' = ? group by 1, 2")) {
      s.setString(1, rollout.toString());
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          int wave = r.getInt(1);
          progress.put(
              wave,
              progress.getOrDefault(wave, NONE).plus(r.getString(2), r.getLong(3), r.getLong(4)));
        }
      }
    }
    return progress;
  }

  /** Whether some installation does not know of a catalogue revision yet. */
  static boolean someAreBehind(Connection connection, long revision) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "select exists (select 1 " + CURRENT + " and i.catalogue_revision < ?)")) {
      s.setLong(1, revision);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getBoolean(1);
      }
    }
  }
}
