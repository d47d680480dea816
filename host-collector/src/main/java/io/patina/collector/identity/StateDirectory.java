package io.patina.collector.identity;

import io.patina.collector.disk.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The one directory that the collector writes to, locked while it is open.
 *
 * <p>Layout: {@code lock}, {@code installation} (id), {@code installation.key.pem}, {@code
 * handovers} (of earlier keys), {@code enrolment} (which token was shown), {@code starts} (how
 * often a collector has started on it), {@code spool/} (reports not yet acknowledged), {@code
 * reference/} (the manifest that the engine holds), {@code as-shipped/} (what the as-shipped
 * baseline was made from), {@code scans/} (versions of files seen), {@code scratch/} (files without
 * a name while the collector runs).
 */
public final class StateDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private StateDirectory(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /** What became of opening a state directory. */
  public sealed interface Opening {
    /** Ours until closed, or until the process ends in any way. */
    record Ready(StateDirectory directory) implements Opening {}

    /** Another collector runs on it. */
    record InUse(Path lockFile) implements Opening {}
  }

  /** Creates the directory (mode 0700) if it is missing, and takes its lock. */
  public static Opening open(Path path) throws IOException {
    DurableFile.createDirectory(path);
    Path lockFile = path.resolve("lock");
    FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // The same process has it; between processes tryLock answers null.
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return new Opening.InUse(lockFile);
    }
    return new Opening.Ready(new StateDirectory(path, channel, lock));
  }

  /** Whether no installation was made here yet. */
  public boolean isNew() {
    return !Files.exists(path.resolve("installation"));
  }

  /** The identity kept here, made at the first start. */
  public Installation installation(SecureRandom random)
      throws IOException, UnusableIdentityException {
    return Installation.loadOrCreate(path, random);
  }

  /**
   * Gives the installation another key, which signs from the next start on. On disk before this
   * returns; after a crash in between, the next start goes on with it.
   *
   * @return with its new key
   */
  public Installation rotateKey(SecureRandom random) throws IOException, UnusableIdentityException {
    new KeyRotation(path).begin(installation(random), random, Integer.MAX_VALUE);
    return installation(random);
  }

  /**
   * Counts this start, on disk before this returns.
   *
   * @return how often a collector has started on this directory, this time included: a number that
   *     comes a second time shows that the directory was copied or put back
   */
  public long countStart() throws IOException {
    Path file = path.resolve("starts");
    long before = 0;
    if (Files.exists(file)) {
      String text = Files.readString(file).strip();
      if (!text.matches("[0-9]{1,18}")) {
        throw new IOException(file + " does not hold a number; remove it to begin anew");
      }
      before = Long.parseLong(text);
    }
    DurableFile.replace(file, ((before + 1) + "\n").getBytes(StandardCharsets.US_ASCII));
    return before + 1;
  }

  public Path path() {
    return path;
  }

  /** A directory below, created if missing. */
  public Path room(String name) throws IOException {
    Path room = path.resolve(name);
    DurableFile.createDirectory(room);
    return room;
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
