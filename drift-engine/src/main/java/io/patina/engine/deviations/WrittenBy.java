package io.patina.engine.deviations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.patina.facts.Escaped;
import io.patina.wire.v1.Writer;
import java.util.ArrayList;
import java.util.List;
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
 * @param pod {@code namespace/name} or uid; empty if it was in none or nobody knows
 * @param image the container's; empty if nobody knows
 * @param root its root directory where that is not the host's; else empty
 * @param script the script that it, an interpreter, was running; else empty
 * @param ancestors names, the parent first; empty if nobody knows
 * @param containerName what the runtime calls the container; empty if nobody knows
 * @param inHostMounts of a container, and yet it saw the host's mounts
 */
public record WrittenBy(
    long pid,
    String command,
    String executable,
    String unit,
    String container,
    OptionalLong loginUser,
    String pod,
    String image,
    String root,
    String script,
    List<String> ancestors,
    String containerName,
    boolean inHostMounts) {

  private static final int MOST_BYTES = 512;
  private static final int MOST_ANCESTORS = 6;
  private static final int SHORT_ID = 12;

  public WrittenBy {
    ancestors = List.copyOf(ancestors);
  }

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
            : OptionalLong.empty(),
        shown(wire.getPodBytes()),
        shown(wire.getImageBytes()),
        shown(wire.getRoot()),
        shown(wire.getScript()),
        wire.getAncestorsList().stream().limit(MOST_ANCESTORS).map(WrittenBy::shown).toList(),
        shown(wire.getContainerNameBytes()),
        wire.getInHostMounts());
  }

  /** What {@link #json} wrote. */
  static WrittenBy of(JsonNode json) {
    List<String> ancestors = new ArrayList<>();
    json.path("ancestors").forEach(a -> ancestors.add(a.asText()));
    return new WrittenBy(
        json.path("pid").asLong(),
        json.path("command").asText(),
        json.path("executable").asText(),
        json.path("unit").asText(),
        json.path("container").asText(),
        json.has("loginUser")
            ? OptionalLong.of(json.path("loginUser").asLong())
            : OptionalLong.empty(),
        json.path("pod").asText(),
        json.path("image").asText(),
        json.path("root").asText(),
        json.path("script").asText(),
        ancestors,
        json.path("containerName").asText(),
        json.path("inHostMounts").asBoolean());
  }

  private static String shown(ByteString raw) {
    return Escaped.bytes(raw.size() <= MOST_BYTES ? raw : raw.substring(0, MOST_BYTES));
  }

  /** Its own names and those of its ancestors, the nearest first. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    if (!script.isEmpty()) {
      names.add(last(script));
    }
    names.add(command);
    names.add(last(executable));
    names.addAll(ancestors);
    return names;
  }

  /** What it is called. */
  String shown() {
    return script.isEmpty()
        ? (command.isEmpty() ? "a process" : command)
        : command + " running " + last(script);
  }

  /** As container engines show it: its name, and the first twelve digits of its id. */
  String shownContainer() {
    String id = container.matches("[0-9a-f]{64}") ? container.substring(0, SHORT_ID) : container;
    return containerName.isEmpty() ? id : containerName + " (" + id + ")";
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
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
    put(node, "containerName", containerName);
    put(node, "pod", pod);
    put(node, "image", image);
    put(node, "root", root);
    put(node, "script", script);
    if (inHostMounts) {
      node.put("inHostMounts", true);
    }
    if (!ancestors.isEmpty()) {
      var list = node.putArray("ancestors");
      ancestors.forEach(list::add);
    }
    return node;
  }

  private static void put(ObjectNode node, String name, String text) {
    if (!text.isEmpty()) {
      node.put(name, text);
    }
  }
}
