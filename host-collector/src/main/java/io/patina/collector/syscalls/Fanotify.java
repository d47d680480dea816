package io.patina.collector.syscalls;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One fanotify(7) group that tells of files by directory handle and name.
 *
 * <p>{@link #await} and {@link #drain} belong to one thread; the others may be called from any,
 * {@link #close} only when nobody waits any more.
 *
 * <p>A handle here is the file system's id (8 bytes), the type (4 bytes) and the bytes of {@code
 * struct file_handle}: equal for the same inode, whoever asks. Layouts: {@code
 * include/uapi/linux/fanotify.h}.
 */
public final class Fanotify implements AutoCloseable {
  public static final long MODIFY = 0x2;
  public static final long ATTRIB = 0x4;
  public static final long CLOSE_WRITE = 0x8;
  public static final long MOVED_FROM = 0x40;
  public static final long MOVED_TO = 0x80;
  public static final long CREATE = 0x100;
  public static final long DELETE = 0x200;
  public static final long OVERFLOW = 0x4000;
  public static final long EVENT_ON_CHILD = 0x0800_0000;
  public static final long ON_DIRECTORY = 0x4000_0000;

  private static final int CLOSE_ON_EXEC = 0x1;
  private static final int NON_BLOCKING = 0x2;
  private static final int UNLIMITED_MARKS = 0x20;
  private static final int REPORT_FID = 0x200;
  private static final int REPORT_DIR_FID = 0x400;
  private static final int REPORT_NAME = 0x800;
  private static final int LARGE_FILE = 0x8000;

  private static final int MARK_ADD = 0x1;
  private static final int MARK_FILESYSTEM = 0x100;

  private static final int INFO_FID = 1;
  private static final int INFO_DFID_NAME = 2;
  private static final int INFO_DFID = 3;

  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int MOST_HANDLE = 128;
  private static final int MOUNT_AT = 136;
  private static final int STATFS_AT = 256;
  private static final int FSID_AT = 56;
  private static final int NO_NAME_AT = 504;
  private static final int EVENT_BYTES = 64 * 1024;
  private static final int EVENT_HEADER = 24;
  private static final Abi ABI = Abi.HERE;

  /** What became of opening: the group, or why the kernel refused. */
  public sealed interface Opening {
    /** Open and without marks. */
    record Ready(Fanotify fanotify) implements Opening {}

    /**
     * {@code EPERM} without CAP_SYS_ADMIN, {@code EINVAL} before Linux 5.9, {@code ENOSYS} where
     * the kernel was built without it, {@code EMFILE} when the user's groups are used up.
     */
    record Refused(int errno) implements Opening {}
  }

  /** What a mark covers. */
  public enum Reach {
    /** Everything on the file system. */
    FILE_SYSTEM(MARK_FILESYSTEM, 0),
    /** One directory and what is directly in it. */
    DIRECTORY(0, EVENT_ON_CHILD);

    private final int flags;
    private final long events;

    Reach(int flags, long events) {
      this.flags = flags;
      this.events = events;
    }
  }

  /** Receives one event. */
  @FunctionalInterface
  public interface Events {
    /**
     * @param pid of the process that caused it; 0 if it is in another pid namespace
     * @param directory handle of the directory; empty for {@link #OVERFLOW}
     * @param name in that directory; {@code "."} if the event is about the directory itself
     * @param object handle of what has the name, where the kernel tells; else empty
     */
    void event(long mask, int pid, ByteString directory, byte[] name, ByteString object);
  }

  private final int group;
  private final NoticeWait waiting;
  private final ByteBuffer buffer = NoticeWait.direct(EVENT_BYTES);
  // Guarded by itself: a handle (8 + 128), a mount id, a statfs (120), an empty name.
  private final ByteBuffer asking = NoticeWait.direct(512);

  private Fanotify(int group, int wakeup) {
    this.group = group;
    this.waiting = NoticeWait.on(group, wakeup);
  }

  /** Opens a group whose queue is bounded by fs.fanotify.max_queued_events. */
  public static Opening open() {
    int flags =
        CLOSE_ON_EXEC | NON_BLOCKING | UNLIMITED_MARKS | REPORT_FID | REPORT_DIR_FID | REPORT_NAME;
    int group = (int) Native64.call(ABI.fanotifyInit(), flags, LARGE_FILE, 0);
    if (group < 0) {
      return new Opening.Refused(-group);
    }
    int wakeup = NoticeWait.openWakeup();
    if (wakeup < 0) {
      Native64.call(ABI.close(), group);
      return new Opening.Refused(-wakeup);
    }
    return new Opening.Ready(new Fanotify(group, wakeup));
  }

  /**
   * Adds events to a mark.
   *
   * @param open descriptor of a directory
   * @return 0, or a negated errno: {@code EXDEV} on a btrfs subvolume, {@code EOPNOTSUPP} where
   *     files have no handles, {@code ENODEV} where the file system has no id
   */
  public int mark(int open, Reach reach, long events) {
    return (int)
        Native64.call(
            ABI.fanotifyMark(), group, MARK_ADD | reach.flags, events | reach.events, open, 0, 0);
  }

  /** The handle of what a descriptor stands for; null where there are none. */
  public @Nullable ByteString handle(int open) {
    synchronized (asking) {
      long at = Native64.addressOf(asking);
      asking.putInt(0, MOST_HANDLE).putInt(4, 0);
      long answer =
          Native64.call(
              ABI.nameToHandleAt(), open, at + NO_NAME_AT, at, at + MOUNT_AT, AT_EMPTY_PATH, 0);
      if (answer < 0 || Native64.call(ABI.fstatfs(), open, at + STATFS_AT, 0) < 0) {
        return null;
      }
      byte[] handle = new byte[12 + Math.clamp(asking.getInt(0), 0, MOST_HANDLE)];
      asking.get(STATFS_AT + FSID_AT, handle, 0, 8);
      asking.get(4, handle, 8, 4);
      asking.get(8, handle, 12, handle.length - 12);
      return ByteString.copyFrom(handle);
    }
  }

  /** Whether the kernel shows its mount table here. */
  public boolean tellsOfMounts() {
    return waiting.tellsOfMounts();
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
    int bytes = (int) Native64.call(ABI.read(), group, Native64.addressOf(buffer), EVENT_BYTES);
    if (bytes == -Errno.EAGAIN || bytes == -Errno.EINTR) {
      return 0;
    }
    for (int at = 0; at + EVENT_HEADER <= bytes; ) {
      int length = buffer.getInt(at);
      event(at, length, into);
      at += Math.max(EVENT_HEADER, length);
    }
    return bytes;
  }

  private void event(int at, int length, Events into) {
    ByteString directory = ByteString.EMPTY;
    ByteString object = ByteString.EMPTY;
    byte[] name = {'.'};
    int info = at + (buffer.getShort(at + 6) & 0xffff);
    while (info + 4 <= at + length) {
      int type = buffer.get(info) & 0xff;
      int size = buffer.getShort(info + 2) & 0xffff;
      if (size < 4) {
        break;
      }
      if (type == INFO_FID || type == INFO_DFID || type == INFO_DFID_NAME) {
        int bytes = buffer.getInt(info + 12);
        byte[] handle = new byte[12 + bytes];
        buffer.get(info + 4, handle, 0, 8);
        buffer.get(info + 16, handle, 8, 4);
        buffer.get(info + 20, handle, 12, bytes);
        if (type == INFO_FID) {
          object = ByteString.copyFrom(handle);
        } else {
          directory = ByteString.copyFrom(handle);
        }
        if (type == INFO_DFID_NAME) {
          name = text(info + 20 + bytes, info + size);
        }
      }
      info += size;
    }
    into.event(buffer.getLong(at + 8), buffer.getInt(at + 20), directory, name, object);
  }

  private byte[] text(int from, int end) {
    int to = from;
    while (to < end && buffer.get(to) != 0) {
      to++;
    }
    byte[] text = new byte[to - from];
    buffer.get(from, text);
    return text;
  }

  /** What the kernel says of this group's marks; form: proc_pid_fdinfo(5). */
  public String marks() {
    SystemCalls calls = new SystemCalls();
    byte[] path = ("/proc/self/fdinfo/" + group).getBytes(StandardCharsets.US_ASCII);
    int file = calls.open(SystemCalls.WORKING_DIRECTORY, path, Open.READ);
    if (file < 0) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    byte[] piece = new byte[SystemCalls.READ_BYTES];
    for (int n = calls.read(file, piece, piece.length); n > 0; ) {
      text.append(new String(piece, 0, n, StandardCharsets.US_ASCII));
      n = calls.read(file, piece, piece.length);
    }
    calls.close(file);
    return text.toString();
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
