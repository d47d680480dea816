package io.patina.collector.writers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names of pods by their uid: the kubelet keeps a directory {@code NAMESPACE_NAME_UID} for the logs
 * of each. For one thread.
 */
final class Pods {

  private static final int MOST = 512;

  private final Path logs;
  private final Map<String, String> known = new LinkedHashMap<>();

  /**
   * @param logs usually {@code /var/log/pods}; need not exist
   */
  Pods(Path logs) {
    this.logs = logs;
  }

  /** {@code namespace/name}; the uid itself where no more is known; empty for none. */
  String name(String uid) {
    if (uid.isEmpty()) {
      return "";
    }
    String before = known.get(uid);
    if (before != null) {
      return before;
    }
    Optional<String> found = look(uid);
    if (found.isPresent()) {
      known.put(uid, found.get());
      if (known.size() > MOST) {
        known.remove(known.keySet().iterator().next());
      }
    }
    return found.orElse(uid);
  }

  private Optional<String> look(String uid) {
    if (!Files.isDirectory(logs)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(logs, "*_" + uid)) {
      for (Path each : found) {
        // Neither a namespace nor a pod has an underscore in its name.
        String[] parts = each.getFileName().toString().split("_", -1);
        if (parts.length == 3) {
          return Optional.of(parts[0] + "/" + parts[1]);
        }
      }
    } catch (IOException e) {
      // Not ours to read: the uid says which pod it was.
      return Optional.empty();
    }
    return Optional.empty();
  }
}
