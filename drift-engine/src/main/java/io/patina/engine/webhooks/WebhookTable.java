package io.patina.engine.webhooks;

import io.patina.engine.history.CloudEvents;
import io.patina.engine.history.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL of calls to be made. */
public final class WebhookTable {

  /**
   * A call.
   *
   * @param id of the event: the receiver's idempotency key
   * @param attempts made before
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, sent once, never compared
  record Call(UUID id, byte[] body, int attempts) {}

  private static final Set<String> TOLD =
      Set.of(
          Event.VERDICT_CHANGED, Event.GROUP_OPENED, Event.IMAGE_UNKNOWN, Event.DEVIATION_VOLATILE);

  private WebhookTable() {}

  /** Takes what somebody is called for among these events. */
  public static void enqueue(Connection connection, List<Event> events) throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "insert into webhook_delivery (id, host, body) values (?, ?, ?)"
                + " on conflict do nothing")) {
      boolean any = false;
      for (Event e : events) {
        if (TOLD.contains(e.kind())) {
          s.setObject(1, e.id());
          s.setObject(2, e.host());
          s.setBytes(3, CloudEvents.json(e));
          s.addBatch();
          any = true;
        }
      }
      if (any) {
        s.executeBatch();
      }
    }
  }

  /** A call that is due; its row is locked while the transaction lasts. */
  static Optional<Call> due(Connection connection) throws SQLException {
    try (PreparedStatement s =
            connection.prepareStatement(
                """
                select id, body, attempts from webhook_delivery d
                where state = 'pending' and next_attempt_at <= now() and not exists (
                  select from webhook_delivery before where before.host = d.host
                  and before.state = 'pending' and before.ordinal < d.ordinal)
                order by next_attempt_at limit 1 for update skip locked
                """);
        ResultSet rows = s.executeQuery()) {
      return rows.next()
          ? Optional.of(new Call(rows.getObject(1, UUID.class), rows.getBytes(2), rows.getInt(3)))
          : Optional.empty();
    }
  }

  /** Notes how an attempt ended. */
  static void ended(
      Connection connection,
      UUID id,
      String state,
      Instant next,
      @Nullable Integer status,
      @Nullable String error)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            update webhook_delivery set state = ?, attempts = attempts + 1, next_attempt_at = ?,
              last_status = ?, last_error = ?,
              delivered_at = case when ? = 'delivered' then now() end
            where id = ?
            """)) {
      s.setString(1, state);
      s.setTimestamp(2, Timestamp.from(next));
      s.setObject(3, status, java.sql.Types.INTEGER);
      s.setString(4, error);
      s.setString(5, state);
      s.setObject(6, id);
      s.executeUpdate();
    }
  }
}
