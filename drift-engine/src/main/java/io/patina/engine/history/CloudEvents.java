package io.patina.engine.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** Events in the structured JSON form of CloudEvents 1.0. */
public final class CloudEvents {

  /** Before every type. */
  public static final String TYPE_PREFIX = "io.patina.";

  /** Media type of the form. */
  public static final String MEDIA_TYPE = "application/cloudevents+json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private CloudEvents() {}

  /** The event as bytes. The subject is the host; {@code partitionkey} keeps its order. */
  public static byte[] json(Event event) {
    ObjectNode root = JSON.createObjectNode();
    root.put("specversion", "1.0");
    root.put("id", event.id().toString());
    root.put("source", "urn:patina:engine");
    root.put("type", TYPE_PREFIX + event.kind());
    root.put("subject", "host/" + event.host());
    root.put("time", event.observedAt().toString());
    root.put("datacontenttype", "application/json");
    root.put("partitionkey", event.host().toString());
    ObjectNode data = root.putObject("data");
    data.put("host", event.host().toString());
    data.put("installation", event.installation().toString());
    data.setAll(event.data());
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }
}
