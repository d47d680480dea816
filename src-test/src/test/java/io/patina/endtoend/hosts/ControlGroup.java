package io.patina.endtoend.hosts;

import io.patina.endtoend.line.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A control group of its own for one host, in the hierarchy that systemd uses: nspawn keeps its
 * caller's group, and two systemds in one group kill each other's services.
 */
final class ControlGroup {

  private static final Duration EMPTYING = Duration.ofSeconds(30);

  private final List<Path> directories;

  private ControlGroup(List<Path> directories) {
    this.directories = directories;
  }

  static ControlGroup create(String name) throws IOException {
    Path base = Path.of("/sys/fs/cgroup");
    List<Path> hierarchies = new ArrayList<>();
    if (Files.exists(base.resolve("cgroup.controllers"))) {
      hierarchies.add(base);
    } else {
      for (String legacy : List.of("systemd", "unified")) {
        if (Files.exists(base.resolve(legacy).resolve("cgroup.procs"))) {
          hierarchies.add(base.resolve(legacy));
        }
      }
    }
    List<Path> made = new ArrayList<>();
    for (Path hierarchy : hierarchies) {
      made.add(Files.createDirectories(hierarchy.resolve(name)));
    }
    return new ControlGroup(made);
  }

  /** The shell command that moves the shell into the group. */
  String enter() {
    StringBuilder command = new StringBuilder();
    for (Path directory : directories) {
      command.append("echo $$ > ").append(directory.resolve("cgroup.procs")).append(" && ");
    }
    return command.append(":").toString();
  }

  /**
   * Removes the group and those below it. The kernel takes a moment to let go of the last process
   * that has ended.
   */
  void remove() throws IOException {
    try {
      Await.until(
          "nothing is left in " + directories,
          EMPTYING,
          () -> {
            removeNow();
            return true;
          });
    } catch (AssertionError e) {
      // What else has to be undone must not be kept from it.
      throw new IOException(e.getMessage(), e);
    }
  }

  private void removeNow() throws IOException {
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        continue;
      }
      List<Path> groups;
      try (Stream<Path> below = Files.walk(directory)) {
        groups = below.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
      }
      for (Path group : groups) {
        Files.deleteIfExists(group);
      }
    }
  }
}
