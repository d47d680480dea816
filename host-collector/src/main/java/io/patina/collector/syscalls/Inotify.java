package io.patina.collector.syscalls;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One inotify(7) descriptor with raw byte names and an interruptible wait.
 *
 * <p>{@link #await} and {@link #drain} belong to one thread; {@link #watch}, {@link #unwatch} and
 * {@link #interrupt} may be called from any, {@link #close} only when nobody waits any more.
 */
public final class Inotify implements AutoCloseable {
  public static final int MODIFY = 0x2;
  public static final int ATTRIB = 0x4;
  public static final int CLOSE_WRITE = 0x8;
  public static final int MOVED_FROM = 0x40;
  public static final int MOVED_TO = 0x80;
  public static final int CREATE = 0x100;
  public static final int DELETE = 0x200;
  public static final int DELETE_SELF = 0x400;
  public static final int MOVE_SELF = 0x800;
  public static final int UNMOUNT = 0x2000;
  public static final int OVERFLOW = 0x4000;
  public static final int IGNORED = 0x8000;
  public static final int ONLY_DIRECTORY = 0x01000000;
  public static final int DONT_FOLLOW = 0x02000000;
  public static final int EXCLUDE_UNLINKED = 0x04000000;
  public static final int IS_DIRECTORY = 0x40000000;

  private static final int EVENT_BYTES = 64 * 1024;
  private static final int NON_BLOCKING_CLOEXEC = 0x80800;
  private static final long MASK = 0xffffffffL;
  private static final Abi ABI = Abi.HERE;

  /** What became of opening: the descriptor, or why the kernel refused. */
  public sealed interface Opening {
    /** Open and without watches. */
    record Ready(Inotify inotify) implements Opening {}

    /** {@code EMFILE} when the user's instances are used up; see fs.inotify.max_user_instances. */
    record Refused(int errno) implements Opening {}
  }

  /** Receives one event. */
  @FunctionalInterface
  public interface Events {
    /**
     * @param watch descriptor given by {@link #watch}; -1 for {@link #OVERFLOW}
     * @param cookie joins {@link #MOVED_FROM} and {@link #MOVED_TO}; 0 otherwise
     * @param name in the watched directory; empty if the event is about the directory itself
     */
    void event(int watch, int mask, int cookie, byte[] name);
  }

  private final int descriptor;
  private final NoticeWait waiting;
  private final ByteBuffer buffer = NoticeWait.direct(EVENT_BYTES);

  private Inotify(int descriptor, int wakeup) {
    this.descriptor = descriptor;
    this.waiting = NoticeWait.on(descriptor, wakeup);
  }

  public static Opening open() {
    int descriptor = (int) Native64.call(ABI.inotifyInit1(), NON_BLOCKING_CLOEXEC);
    if (descriptor < 0) {
      return new Opening.Refused(-descriptor);
    }
    int wakeup = NoticeWait.openWakeup();
    if (wakeup < 0) {
      Native64.call(ABI.close(), descriptor);
      return new Opening.Refused(-wakeup);
    }
    return new Opening.Ready(new Inotify(descriptor, wakeup));
  }

  /** Whether the kernel shows its mount table here. */
  public boolean tellsOfMounts() {
    return waiting.tellsOfMounts();
  }

  /**
   * Watches a path.
   *
   * @return the watch descriptor, or a negated errno; {@code ENOSPC} when the user's watches are
   *     used up (fs.inotify.max_user_watches)
   */
  public int watch(byte[] path, int mask) {
    ByteBuffer name = NoticeWait.direct(path.length + 1);
    name.put(0, path);
    try {
      return (int)
          Native64.call(ABI.inotifyAddWatch(), descriptor, Native64.addressOf(name), mask & MASK);
    } finally {
      Reference.reachabilityFence(name);
    }
  }

  /** Watches what an open descriptor stands for, whatever its path is by now. */
  public int watch(int open, int mask) {
    return watch(("/proc/self/fd/" + open).getBytes(StandardCharsets.US_ASCII), mask);
  }

  /** Ends a watch; an {@link #IGNORED} event follows. */
  public int unwatch(int watch) {
    return (int) Native64.call(ABI.inotifyRmWatch(), descriptor, watch, 0);
  }

  /** Waits for events, for a change of the mount table, for {@link #interrupt}, or some time. */
  public Wake await(Duration timeout) {
    return waiting.await(timeout);
  }

  /**
   * Gives the events that are there, without waiting.
   *
   * @return bytes read, 0 if there was none, or a negated errno
   */
  public int drain(Events into) {
    int bytes =
        (int) Native64.call(ABI.read(), descriptor, Native64.addressOf(buffer), EVENT_BYTES);
    if (bytes == -Errno.EAGAIN || bytes == -Errno.EINTR) {
      return 0;
    }
    for (int at = 0; at < bytes; ) {
      int padded = buffer.getInt(at + 12);
      int length = 0;
      while (length < padded && buffer.get(at + 16 + length) != 0) {
        length++;
      }
      byte[] name = new byte[length];
      buffer.get(at + 16, name);
      into.event(buffer.getInt(at), buffer.getInt(at + 4), buffer.getInt(at + 8), name);
      at += 16 + padded;
    }
    return bytes;
  }

  /** Makes a present or the next {@link #await} come back at once. */
  public void interrupt() {
    waiting.interrupt();
  }

  @Override
  public void close() {
    waiting.close();
  }
}
