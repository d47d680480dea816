package io.patina.engine.ingest;

import io.patina.engine.history.Event;
import io.patina.engine.history.EventIds;
import io.patina.engine.state.Installation;
import io.patina.verdict.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Hosts of an image that no approved baseline is of are told of as one: that each is unbaselined is
 * recorded and calls nobody, nor that it is again what it was before.
 */
final class ToldOfImages {

  private static final String SILENCED = "its image is told of as one";

  private ToldOfImages() {}

  /**
   * Drops images of which it was told when the first of their hosts came, as the table has them.
   */
  static void forget(Connection connection, Map<String, Event> unknown) throws SQLException {
    if (unknown.isEmpty()) {
      return;
    }
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select distinct image from installation where image_unknown and image = any (?)
              and announced is distinct from 'retired' and not ended
            """)) {
      s.setArray(1, connection.createArrayOf("text", unknown.keySet().toArray()));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          unknown.remove(r.getString(1));
        }
      }
    }
  }

  /** Silences what each host would tell of its image. */
  static void silence(
      Connection connection, Collection<Host> touched, List<Event> events, Notices notices)
      throws SQLException {
    Map<UUID, Installation> known = new HashMap<>();
    touched.forEach(h -> known.put(h.installation().id(), h.installation()));
    Map<UUID, Event> back = new HashMap<>();
    for (Event e : events) {
      Installation i = known.get(e.installation());
      if (i == null || !e.kind().equals(Event.VERDICT_CHANGED) || !notices.isTold(e)) {
        continue;
      }
      String previous = e.data().path("previous").asText();
      if (i.image().unknown()) {
        // That it is seen again is its own news.
        if (verdict(e).equals(Verdict.UNBASELINED.wireName())
            && !previous.equals(Verdict.UNOBSERVED.wireName())) {
          notices.silence(e, SILENCED);
        }
      } else if (previous.equals(Verdict.UNBASELINED.wireName())) {
        back.put(
            EventIds.of(i.id(), Event.VERDICT_CHANGED, e.data().path("number").asLong() - 1), e);
      }
    }
    if (!back.isEmpty()) {
      silenceBack(connection, back, notices);
    }
  }

  /** Who is what he was before, has nothing to tell. */
  private static void silenceBack(Connection connection, Map<UUID, Event> back, Notices notices)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            select id, coalesce(data ->> 'previous', ?) from event
            where id = any (?) and data ->> 'silenced' = ?
            """)) {
      s.setString(1, Verdict.CONFORMING.wireName());
      s.setArray(2, connection.createArrayOf("uuid", back.keySet().toArray()));
      s.setString(3, SILENCED);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          Event e = back.get(r.getObject(1, UUID.class));
          if (e != null && verdict(e).equals(r.getString(2))) {
            notices.silence(e, SILENCED);
          }
        }
      }
    }
  }

  private static String verdict(Event e) {
    return e.data().path("verdict").asText();
  }
}
