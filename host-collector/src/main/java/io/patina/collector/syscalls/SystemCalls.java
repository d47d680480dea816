package io.patina.collector.syscalls;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One thread's door to the kernel: file system calls over byte paths, with buffers that are reused
 * from call to call. Not safe for use by two threads at once.
 *
 * <p>Calls answer a result that is zero or more, or the negated {@link Errno}. Names and paths are
 * raw bytes without a terminating NUL; one that contains a NUL answers {@code EINVAL}.
 */
public final class SystemCalls {
  /** Directory descriptor that stands for the working directory. */
  public static final int WORKING_DIRECTORY = -100;

  /** Most bytes one {@link #read} can give. */
  public static final int READ_BYTES = 128 * 1024;

  private static final int PATH_BYTES = 4096;
  private static final int RESULT_BYTES = 64 * 1024;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_NO_AUTOMOUNT = 0x800;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final long RESOLVE_NO_MAGICLINKS = 0x02;
  private static final long RESOLVE_NO_SYMLINKS = 0x04;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final long FS_IOC_GETFLAGS = 0x80086601L;
  private static final long FS_IOC_MEASURE_VERITY = 0xc0046686L;
  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  // Linux 6.13; the same numbers on every architecture.
  private static final int GETXATTRAT = 464;
  private static final int LISTXATTRAT = 465;

  /**
   * Whether extended attributes can be asked of a name in a directory. Where they cannot, the way
   * goes through {@code /proc}, which costs a walk of a path more.
   */
  private static final boolean XATTRAT =
      Native64.call(LISTXATTRAT, -1, 0, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, 0, 0, 0)
          == -Errno.EBADF;

  private final Abi abi = Abi.HERE;
  // path | statx | struct open_how, then one area for results; the read buffer stands alone.
  private final ByteBuffer small = direct(PATH_BYTES + 256 + Stat.BYTES + 64);
  private final ByteBuffer result = direct(RESULT_BYTES);
  private final ByteBuffer data = direct(READ_BYTES);
  private final long pathAt = Native64.addressOf(small);
  private final long attributeNameAt = pathAt + PATH_BYTES;
  private final long statAt = attributeNameAt + 256;
  private final long howAt = statAt + Stat.BYTES;
  private final long resultAt = Native64.addressOf(result);
  private final long dataAt = Native64.addressOf(data);

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@code openat}: a descriptor, relative to a directory's. */
  public int open(int directory, byte[] name, int flags) {
    int bad = putPath(name);
    if (bad != 0) {
      return bad;
    }
    return restart(abi.openat(), directory, pathAt, flags | Open.CLOSE_ON_EXEC, 0);
  }

  /**
   * Opens anew what a descriptor stands for: one that was opened {@link Open#PATH_ONLY}, so that
   * nothing was touched, and turned out to be what is wanted.
   *
   * @return a descriptor; {@code ENOENT} where {@code /proc} is not mounted
   */
  public int reopen(int descriptor, int flags) {
    byte[] self = ("/proc/self/fd/" + descriptor).getBytes(StandardCharsets.US_ASCII);
    return open(WORKING_DIRECTORY, self, flags);
  }

  /**
   * {@code openat2} with the root as the end of the world: {@code /} and {@code ..} and absolute
   * links resolve inside it.
   *
   * @param followLinks whether links on the way (and at the end) are followed
   * @return a descriptor; {@code ENOSYS} on kernels before 5.6, {@code EPERM} where a seccomp
   *     filter does not know the call
   */
  public int openInRoot(int root, byte[] path, int flags, boolean followLinks) {
    int bad = putPath(path);
    if (bad != 0) {
      return bad;
    }
    int how = (int) (howAt - pathAt);
    small.putLong(how, flags | Open.CLOSE_ON_EXEC);
    small.putLong(how + 8, 0);
    small.putLong(
        how + 16,
        RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | (followLinks ? 0 : RESOLVE_NO_SYMLINKS));
    return restart(abi.openat2(), root, pathAt, howAt, 24);
  }

  /** {@code statx} of a name in a directory; links are not followed, nothing is automounted. */
  public int stat(int directory, byte[] name, Stat into) {
    int bad = putPath(name);
    return bad != 0 ? bad : statx(directory, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, into);
  }

  /** {@code statx} of an open descriptor. */
  public int stat(int descriptor, Stat into) {
    small.put(0, (byte) 0);
    return statx(descriptor, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, into);
  }

  private int statx(int directory, int flags, Stat into) {
    long answer =
        Native64.call(abi.statx(), directory, pathAt, flags, STATX_BASIC_STATS, statAt, 0);
    if (answer == 0) {
      into.fill(small, (int) (statAt - pathAt));
    }
    return (int) answer;
  }

  /** Receives one directory entry; {@code .} and {@code ..} are left out. */
  @FunctionalInterface
  public interface Listing {
    /**
     * @param inode as the directory states it (0 on some file systems)
     * @param type {@code d_type}: 4 directory, 8 regular, 10 link, 0 unknown
     */
    void entry(long inode, int type, byte[] name);
  }

  /** {@code getdents64}: gives the next some entries; 0 at the end, otherwise how many bytes. */
  public int list(int directory, Listing into) {
    int bytes = restart(abi.getdents64(), directory, resultAt, RESULT_BYTES, 0);
    for (int at = 0; at < bytes; ) {
      int length = result.getShort(at + 16) & 0xffff;
      int from = at + 19;
      int end = from;
      while (result.get(end) != 0) {
        end++;
      }
      boolean dots =
          result.get(from) == '.'
              && (end - from == 1 || (end - from == 2 && result.get(from + 1) == '.'));
      if (!dots) {
        byte[] name = new byte[end - from];
        result.get(from, name);
        into.entry(result.getLong(at), result.get(at + 18) & 0xff, name);
      }
      at += length;
    }
    return bytes;
  }

  /** {@code readlinkat}: length of the target, to be fetched with {@link #taken}. */
  public int readLink(int directory, byte[] name) {
    int bad = putPath(name);
    return bad != 0
        ? bad
        : (int) Native64.call(abi.readlinkat(), directory, pathAt, resultAt, RESULT_BYTES);
  }

  /** Copy of the first {@code length} bytes the previous call gave. */
  public byte[] taken(int length) {
    byte[] copy = new byte[length];
    result.get(0, copy);
    return copy;
  }

  /** {@code read}: up to {@code length} bytes, at most {@link #READ_BYTES}; 0 at the end. */
  public int read(int descriptor, byte[] into, int length) {
    int most = Math.min(Math.min(length, into.length), READ_BYTES);
    int bytes = restart(abi.read(), descriptor, dataAt, most, 0);
    if (bytes > 0) {
      data.get(0, into, 0, bytes);
    }
    return bytes;
  }

  /** Names of the extended attributes, each NUL-terminated, to be fetched with {@link #taken}. */
  public int listAttributes(int descriptor) {
    return (int) Native64.call(abi.flistxattr(), descriptor, resultAt, RESULT_BYTES);
  }

  /** The same for a name in a directory; a link itself, not what it leads to. */
  public int listAttributes(int directory, byte[] name) {
    int bad = putPath(XATTRAT ? name : throughProc(directory, name));
    if (bad != 0) {
      return bad;
    }
    long answer =
        XATTRAT
            ? Native64.call(
                LISTXATTRAT, directory, pathAt, AT_SYMLINK_NOFOLLOW, resultAt, RESULT_BYTES, 0)
            : Native64.call(abi.llistxattr(), pathAt, resultAt, RESULT_BYTES);
    return (int) answer;
  }

  /** Value of one extended attribute, to be fetched with {@link #taken}. */
  public int attribute(int descriptor, String name) {
    putAttributeName(name);
    return (int)
        Native64.call(abi.fgetxattr(), descriptor, attributeNameAt, resultAt, RESULT_BYTES);
  }

  /** The same for a name in a directory; a link itself, not what it leads to. */
  public int attribute(int directory, byte[] name, String attribute) {
    int bad = putPath(XATTRAT ? name : throughProc(directory, name));
    if (bad != 0) {
      return bad;
    }
    putAttributeName(attribute);
    if (!XATTRAT) {
      return (int) Native64.call(abi.lgetxattr(), pathAt, attributeNameAt, resultAt, RESULT_BYTES);
    }
    // struct xattr_args: address, size, flags.
    small.putLong((int) (howAt - pathAt), resultAt);
    small.putLong((int) (howAt - pathAt) + 8, RESULT_BYTES);
    return (int)
        Native64.call(
            GETXATTRAT, directory, pathAt, AT_SYMLINK_NOFOLLOW, attributeNameAt, howAt, 16);
  }

  /**
   * {@code FS_IOC_MEASURE_VERITY}: length of the fs-verity digest, to be fetched with {@link
   * #taken}; {@code ENODATA} for a file that has none, {@code ENOTTY} or {@code EOPNOTSUPP} where
   * the file system or the kernel knows no fs-verity. Layout: include/uapi/linux/fsverity.h.
   */
  public int verityDigest(int descriptor) {
    result.putShort(0, (short) 0).putShort(2, (short) 64);
    long answer = Native64.call(abi.ioctl(), descriptor, FS_IOC_MEASURE_VERITY, resultAt);
    if (answer < 0) {
      return (int) answer;
    }
    int length = Math.min(64, result.getShort(2) & 0xffff);
    byte[] digest = new byte[length];
    result.get(4, digest);
    result.put(0, digest);
    return length;
  }

  /**
   * Finds what is stored of a file.
   *
   * @param from offset from which on data is looked for
   * @return its offset; {@code ENXIO} if there is only a hole up to the end
   */
  public long seekData(int descriptor, long from) {
    return Native64.call(abi.lseek(), descriptor, from, SEEK_DATA);
  }

  /** The end of the data that begins at an offset: of the next hole, or of the file. */
  public long seekHole(int descriptor, long from) {
    return Native64.call(abi.lseek(), descriptor, from, SEEK_HOLE);
  }

  /** Where the next {@link #read} begins. */
  public long seek(int descriptor, long offset) {
    return Native64.call(abi.lseek(), descriptor, offset, SEEK_SET);
  }

  /** {@code FS_IOC_GETFLAGS}: inode flags (0x10 immutable, 0x20 append only). */
  public int inodeFlags(int descriptor) {
    result.putLong(0, 0);
    long answer = Native64.call(abi.ioctl(), descriptor, FS_IOC_GETFLAGS, resultAt);
    return answer < 0 ? (int) answer : result.getInt(0) & 0x7fffffff;
  }

  /** {@code fstatfs}: the file system's magic number (unsigned 32 bits), or a negated errno. */
  public long fileSystem(int descriptor) {
    long answer = Native64.call(abi.fstatfs(), descriptor, resultAt, 0);
    return answer < 0 ? answer : result.getLong(0) & 0xffffffffL;
  }

  /** {@code close}; an error cannot be acted on and the descriptor is gone in any case. */
  public void close(int descriptor) {
    Native64.call(abi.close(), descriptor);
  }

  /** Effective user id of this process; 0 is root. */
  public int effectiveUser() {
    return (int) Native64.call(abi.geteuid(), 0);
  }

  /** A path that reaches a name in an open directory, for calls that take no descriptor. */
  private static byte[] throughProc(int directory, byte[] name) {
    byte[] prefix = ("/proc/self/fd/" + directory + "/").getBytes(StandardCharsets.US_ASCII);
    byte[] path = new byte[prefix.length + name.length];
    System.arraycopy(prefix, 0, path, 0, prefix.length);
    System.arraycopy(name, 0, path, prefix.length, name.length);
    return path;
  }

  private int restart(int number, long a, long b, long c, long d) {
    long answer;
    do {
      answer = Native64.call(number, a, b, c, d);
    } while (answer == -Errno.EINTR);
    return (int) answer;
  }

  private int putPath(byte[] path) {
    if (path.length >= PATH_BYTES) {
      return -Errno.ENAMETOOLONG;
    }
    for (byte b : path) {
      if (b == 0) {
        return -Errno.EINVAL;
      }
    }
    small.put(0, path);
    small.put(path.length, (byte) 0);
    return 0;
  }

  private void putAttributeName(String name) {
    // XATTR_NAME_MAX is 255; names come from the kernel or from a validated scope.
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    int length = Math.min(bytes.length, 255);
    small.put(PATH_BYTES, bytes, 0, length);
    small.put(PATH_BYTES + length, (byte) 0);
  }
}
