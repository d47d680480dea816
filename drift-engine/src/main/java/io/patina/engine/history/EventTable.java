package io.patina.engine.history;

import io.patina.engine.outbox.Outbox;
import io.patina.engine.outbox.Outgoing;
import io.patina.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** SQL of events. */
public final class EventTable {

  private EventTable() {}

  /**
   * Keeps events and puts them into the outbox, in this order.
   *
   * @return those that were not in the history already
   */
  public static List<Event> insert(Connection connection, List<Event> events) throws SQLException {
    return insert(connection, events, event -> true);
  }

  /**
   * The same, but of some events nobody is told.
   *
   * @param told whether an event is put into the outbox
   * @return those that were not in the history already and are told
   */
  public static List<Event> insert(Connection connection, List<Event> events, Predicate<Event> told)
      throws SQLException {
    List<Event> fresh = new ArrayList<>(events);
    if (events.isEmpty()) {
      return fresh;
    }
    List<Outgoing> outgoing = new ArrayList<>();
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into event (id, host, installation, kind, observed_at, data)
            values (?, ?, ?, ?, ?, ?) on conflict (id) do nothing
            """)) {
      for (Event e : events) {
        s.setObject(1, e.id());
        s.setObject(2, e.host());
        s.setObject(3, e.installation());
        s.setString(4, e.kind());
        s.setTimestamp(5, Timestamp.from(e.observedAt()));
        s.setObject(6, e.data().toString(), Types.OTHER);
        s.addBatch();
        outgoing.add(
            new Outgoing(
                Outbox.shard(e.host()),
                Topics.DRIFT_EVENTS,
                e.host().toString().getBytes(StandardCharsets.UTF_8),
                Map.of(
                    "content-type",
                    CloudEvents.MEDIA_TYPE + "; charset=UTF-8",
                    "patina-event-id",
                    e.id().toString()),
                CloudEvents.json(e)));
      }
      int[] inserted = s.executeBatch();
      // What is in the history already has been sent, or will be.
      for (int i = inserted.length - 1; i >= 0; i--) {
        if (inserted[i] == 0 || !told.test(events.get(i))) {
          outgoing.remove(i);
          fresh.remove(i);
        }
      }
    }
    Outbox.insert(connection, outgoing);
    return fresh;
  }
}
