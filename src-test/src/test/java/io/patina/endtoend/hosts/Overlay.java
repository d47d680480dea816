package io.patina.endtoend.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tree laid over others that stay as they are. Closing unmounts it; what was written to it stays
 * in the directory {@code upper}.
 */
final class Overlay implements AutoCloseable {

  private final Path root;

  private Overlay(Path root) {
    this.root = root;
  }

  /**
   * Mounts one.
   *
   * @param lower the directories below, the uppermost first, with colons between them
   * @param directory gets {@code upper}, {@code work} and {@code root}; made if it is missing
   * @param options further options of the mount; may be empty
   */
  static Overlay over(String lower, Path directory, String options)
      throws IOException, InterruptedException {
    Path upper = Files.createDirectories(directory.resolve("upper"));
    Path work = Files.createDirectories(directory.resolve("work"));
    Path root = Files.createDirectories(directory.resolve("root"));
    String all = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
    String unused =
        Shell.must(
            "mount",
            "-t",
            "overlay",
            "patina-test",
            "-o",
            options.isEmpty() ? all : options + "," + all,
            root.toString());
    return new Overlay(root);
  }

  /** Where it is mounted. */
  Path root() {
    return root;
  }

  @Override
  public void close() throws IOException {
    try {
      String unused = Shell.must("umount", root.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting " + root, e);
    }
  }
}
