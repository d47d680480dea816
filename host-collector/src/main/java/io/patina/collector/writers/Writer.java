package io.patina.collector.writers;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.OptionalLong;

/**
 * The process that changed something, as {@code /proc} described it a moment later.
 *
 * @param pid as the collector sees it; 0 if the process is not known
 * @param command {@code comm}, at most 64 bytes, as the process chose it
 * @param executable what {@code /proc/PID/exe} pointed to, at most {@link #MOST_PATH} bytes; empty
 *     for kernel threads
 * @param unit systemd unit from the control group; empty if it is in none
 * @param container container id from the control group; empty if it is in none
 * @param loginUser login uid; empty if the process descends from no login or was not asked for
 * @param pod {@code namespace/name}, or its uid where the name is not known; empty if in none
 * @param root its root directory where that is not "/"; empty otherwise
 * @param script the script that it, an interpreter, runs; empty otherwise
 * @param ancestors names, the parent first, at most {@link #MOST_ANCESTORS}
 * @param containerName what the runtime calls the container; empty if unknown
 * @param image of the container as the runtime names it; empty if unknown
 * @param inHostMounts in a container, and yet in the host's mount namespace, as after nsenter(1)
 */
public record Writer(
    int pid,
    ByteString command,
    ByteString executable,
    String unit,
    String container,
    OptionalLong loginUser,
    String pod,
    ByteString root,
    ByteString script,
    List<ByteString> ancestors,
    String containerName,
    String image,
    boolean inHostMounts) {

  /** Longer paths are cut: they say enough, and whoever runs a program chooses its path. */
  public static final int MOST_PATH = 512;

  /** Longest name of a unit; the same bound as systemd's. */
  public static final int MOST_NAME = 255;

  /** Further away nobody tells one tool from another. */
  public static final int MOST_ANCESTORS = 6;

  private static final int MOST_COMMAND = 64;

  /** Nobody knows: not told by the kernel, or the process ended before it was looked at. */
  public static final Writer UNKNOWN =
      new Writer(
          0,
          ByteString.EMPTY,
          ByteString.EMPTY,
          "",
          "",
          OptionalLong.empty(),
          "",
          ByteString.EMPTY,
          ByteString.EMPTY,
          List.of(),
          "",
          "",
          false);

  public Writer {
    command = cut(command, MOST_COMMAND);
    executable = cut(executable, MOST_PATH);
    unit = cut(unit);
    container = cut(container);
    pod = cut(pod);
    root = cut(root, MOST_PATH);
    script = cut(script, MOST_PATH);
    containerName = cut(containerName);
    image = cut(image);
    ancestors = ancestors.stream().limit(MOST_ANCESTORS).map(a -> cut(a, MOST_COMMAND)).toList();
  }

  private static ByteString cut(ByteString text, int most) {
    return text.size() <= most ? text : text.substring(0, most);
  }

  private static String cut(String text) {
    return text.length() <= MOST_NAME ? text : text.substring(0, MOST_NAME);
  }

  public boolean isKnown() {
    return pid != 0;
  }
}
