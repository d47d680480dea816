package io.patina.stack.line;

import io.patina.stack.database.Trees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Everything the local line keeps, below one directory that it made or found empty.
 *
 * <p>{@code data/} (broker, database, collector, engine, keys), {@code store/} (manifests by
 * digest), {@code logs/}, {@code run/} (pids, ports, token, state), and the marker file that says
 * that all this is ours. Without the marker nothing is ever written or deleted in a directory that
 * holds something already.
 */
public final class DataDirectory {
  private static final String MARKER = "patina-line";
  private static final List<String> OURS = List.of("data", "store", "logs", "run");

  private final Path root;

  /** Names the directory; touches nothing. */
  public DataDirectory(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  public Path root() {
    return root;
  }

  /** A file or directory below {@code data/}. */
  public Path data(String name) {
    return root.resolve("data").resolve(name);
  }

  /** A file below {@code run/}. */
  public Path run(String name) {
    return root.resolve("run").resolve(name);
  }

  public Path logs() {
    return root.resolve("logs");
  }

  public Path store() {
    return root.resolve("store");
  }

  /** Whether a line has been made here. */
  public boolean exists() {
    return Files.exists(root.resolve(MARKER));
  }

  /**
   * Makes the directories, readable by their owner only.
   *
   * @return empty if all is well, else the sentence that says why this directory cannot be used
   */
  public Optional<String> claim() throws IOException {
    if (Files.exists(root) && !exists()) {
      if (!Files.isDirectory(root)) {
        return Optional.of(root + " is not a directory; pass another one with --data.");
      }
      try (Stream<Path> entries = Files.list(root)) {
        if (entries.findAny().isPresent()) {
          return Optional.of(
              root + " holds files of something else; pass an empty or a new one with --data.");
        }
      }
    }
    Files.createDirectories(root);
    if (!exists()) {
      Files.writeString(
          root.resolve(MARKER), "Made by patina up; patina down --purge removes it.\n");
    }
    for (String directory : OURS) {
      Path path = root.resolve(directory);
      if (!Files.isDirectory(path)) {
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    }
    Files.createDirectories(run("tmp"));
    return Optional.empty();
  }

  /**
   * The right to run this line, held until the channel is closed or the process ends.
   *
   * @return empty if another process has it
   */
  public Optional<FileChannel> lock() throws IOException {
    FileChannel channel =
        FileChannel.open(run("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(channel);
  }

  /**
   * The same right, waited for: a process that has ended holds its locks until its last thread is
   * gone.
   */
  Optional<FileChannel> lock(Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    Optional<FileChannel> channel = lock();
    while (channel.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      channel = lock();
    }
    return channel;
  }

  /** Removes what the line made, and the directory itself if nothing else is in it. */
  public void purge() throws IOException {
    if (!exists()) {
      return;
    }
    for (String directory : OURS) {
      Trees.delete(root.resolve(directory));
    }
    Files.deleteIfExists(root.resolve(MARKER));
    if (!Files.isSymbolicLink(root) && isEmpty()) {
      Files.delete(root);
    }
  }

  private boolean isEmpty() throws IOException {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries.findAny().isEmpty();
    }
  }
}
