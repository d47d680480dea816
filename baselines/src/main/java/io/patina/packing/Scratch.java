package io.patina.packing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where packed blocks are kept: in memory, or in files that have no name any more when they are
 * written, so that nothing is left of them when the process ends in whatever way. Safe for threads.
 */
public final class Scratch {
  /** In memory. */
  public static final Scratch MEMORY = new Scratch(Optional.empty());

  private final Optional<Path> directory;

  private Scratch(Optional<Path> directory) {
    this.directory = directory;
  }

  /**
   * In files of this directory.
   *
   * @param directory exists; private to this user
   */
  public static Scratch in(Path directory) {
    return new Scratch(Optional.of(directory));
  }

  /** Space for the blocks of one collection. */
  Space open() {
    return new Space(directory);
  }

  /** One file, from its first block on; closed when nobody can reach it any more. */
  static final class Space {
    private final Optional<Path> directory;
    private @Nullable FileChannel channel;
    private long end;
    private boolean refused;

    private Space(Optional<Path> directory) {
      this.directory = directory;
      this.refused = directory.isEmpty();
    }

    /** Takes bytes; answers where they are, or -1 if they must stay in memory: no space on disk. */
    synchronized long put(byte[] bytes) {
      if (refused) {
        return -1;
      }
      try {
        FileChannel to = channel;
        if (to == null) {
          to = unnamed(directory.orElseThrow());
          channel = to;
        }
        long at = end;
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          end += to.write(left, end);
        }
        return at;
      } catch (IOException e) {
        // A full disk must not end the observation; memory is what there is.
        refused = true;
        return -1;
      }
    }

    private static FileChannel unnamed(Path directory) throws IOException {
      Path file = Files.createTempFile(directory, "facts", ".scratch");
      try {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      } finally {
        Files.delete(file);
      }
    }

    /**
     * Reads what was put.
     *
     * @throws UncheckedIOException if the disk does not give it back: nobody can go on from there
     */
    byte[] get(long at, int length) {
      FileChannel from;
      synchronized (this) {
        from = channel;
      }
      if (from == null) {
        throw new IllegalStateException("nothing was put here");
      }
      ByteBuffer into = ByteBuffer.allocate(length);
      try {
        while (into.hasRemaining()) {
          if (from.read(into, at + into.position()) < 0) {
            throw new IOException("a scratch file ends early");
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return into.array();
    }
  }
}
