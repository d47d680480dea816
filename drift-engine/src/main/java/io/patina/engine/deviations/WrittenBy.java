package io.patina.engine.deviations;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.patina.facts.Escaped;
import io.patina.wire.v1.Writer;
import java.util.OptionalLong;

/**
 * The process that made what a deviation is about, as the host told. Every text is escaped and
 * bounded: the process chose it, or whoever sent the report.
 *
 * @param pid as the collector saw it
 * @param command name of the process
 * @param executable path of the program; empty if there was none to be seen
 * @param unit systemd unit; empty if it was in none
 * @param container container id; empty if it was in none
 * @param loginUser login uid, where the host reports it
 */
public record WrittenBy(
    long pid,
    String command,
    String executable,
    String unit,
    String container,
    OptionalLong loginUser) {

  private static final int MOST_BYTES = 512;

  /** What the wire says, made safe. */
  public static WrittenBy of(Writer wire) {
    return new WrittenBy(
        Integer.toUnsignedLong(wire.getPid()),
        shown(wire.getCommand()),
        shown(wire.getExecutable()),
        shown(wire.getUnitBytes()),
        shown(wire.getContainerBytes()),
        wire.hasLoginUser()
            ? OptionalLong.of(Integer.toUnsignedLong(wire.getLoginUser()))
            : OptionalLong.empty());
  }

  private static String shown(ByteString raw) {
    return Escaped.bytes(raw.size() <= MOST_BYTES ? raw : raw.substring(0, MOST_BYTES));
  }

  /** As the API and events give it; what is empty is left out. */
  public ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("pid", pid);
    put(node, "command", command);
    put(node, "executable", executable);
    put(node, "unit", unit);
    put(node, "container", container);
    loginUser.ifPresent(u -> node.put("loginUser", u));
    return node;
  }

  private static void put(ObjectNode node, String name, String text) {
    if (!text.isEmpty()) {
      node.put(name, text);
    }
  }
}
