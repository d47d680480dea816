package io.patina.engine.decisions;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.Decision;
import io.patina.engine.outbox.Outbox;
import io.patina.engine.outbox.Outgoing;
import io.patina.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Keeps decisions in the audit history, and mirrors them to {@link Topics#DECISIONS}. */
public final class Keeping {

  /** Before every type. */
  private static final String TYPE_PREFIX = "io.patina.";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Keeping() {}

  /**
   * Keeps one; it stands if the transaction does.
   *
   * @param id of what was decided: its decisions keep their order
   */
  public static void append(Connection connection, Decision d, UUID id, Instant at)
      throws SQLException {
    AuditTable.append(connection, d);
    ObjectNode data = JSON.createObjectNode();
    data.put("id", id.toString());
    data.put("thing", d.thing());
    data.put("action", d.action());
    data.put("by", d.by().subject());
    data.put("means", d.by().means());
    data.put("why", d.why());
    data.set("data", JSON.valueToTree(d.data()));
    UUID event = UUID.randomUUID();
    send(
        connection,
        Topics.DECISIONS,
        id,
        event,
        cloudEvent("decision." + d.action(), event, subject(d.action(), id), at, data));
  }

  /** What a decision is about, as CloudEvents name it: {@code waiver/ID}. */
  private static String subject(String action, UUID id) {
    return action.substring(0, action.indexOf('.')) + "/" + id;
  }

  /** An event that is about no host, in the structured JSON form of CloudEvents 1.0. */
  public static byte[] cloudEvent(
      String kind, UUID event, String subject, Instant at, ObjectNode data) {
    ObjectNode root = JSON.createObjectNode();
    root.put("specversion", "1.0");
    root.put("id", event.toString());
    root.put("source", "urn:patina:engine");
    root.put("type", TYPE_PREFIX + kind);
    root.put("subject", subject);
    root.put("time", at.toString());
    root.put("datacontenttype", "application/json");
    root.set("data", data);
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Puts an event into the outbox; those of one id leave in order. */
  public static void send(Connection connection, String topic, UUID id, UUID event, byte[] body)
      throws SQLException {
    Outbox.insert(
        connection,
        List.of(
            new Outgoing(
                Outbox.shard(topic, id),
                topic,
                id.toString().getBytes(StandardCharsets.UTF_8),
                Map.of(
                    "content-type",
                    "application/cloudevents+json; charset=UTF-8",
                    "patina-event-id",
                    event.toString()),
                body)));
  }
}
