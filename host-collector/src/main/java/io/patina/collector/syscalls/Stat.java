package io.patina.collector.syscalls;

import java.nio.ByteBuffer;

/**
 * What {@code statx(2)} said of one inode; refilled for every file so that a walk allocates
 * nothing. Times are nanoseconds since the epoch.
 */
public final class Stat {
  static final int BYTES = 256;
  private static final int S_IFMT = 0xf000;
  private static final long VERITY = 0x100000;

  private int mode;
  private int uid;
  private int gid;
  private long size;
  private long blocks;
  private long inode;
  private long device;
  private long special;
  private int links;
  private long modified;
  private long changed;
  private long attributes;
  private long attributesMask;

  /** File type and permission bits as in {@code st_mode}. */
  public int mode() {
    return mode;
  }

  /** Permission bits with set-id and sticky bits: {@code mode & 07777}. */
  public int permissions() {
    return mode & 0xfff;
  }

  public int uid() {
    return uid;
  }

  public int gid() {
    return gid;
  }

  /** Bytes. */
  public long size() {
    return size;
  }

  /** Whether fewer bytes are stored than the size says: holes, or compression. */
  public boolean isSparse() {
    return blocks * 512 < size;
  }

  public long inode() {
    return inode;
  }

  /** Device the inode lives on: major in the upper 32 bits, minor in the lower. */
  public long device() {
    return device;
  }

  /** For a device node, the device it stands for; same form as {@link #device()}. */
  public long special() {
    return special;
  }

  public int links() {
    return links;
  }

  public long modified() {
    return modified;
  }

  public long changed() {
    return changed;
  }

  public boolean isRegular() {
    return (mode & S_IFMT) == 0x8000;
  }

  public boolean isDirectory() {
    return (mode & S_IFMT) == 0x4000;
  }

  public boolean isLink() {
    return (mode & S_IFMT) == 0xa000;
  }

  public boolean isFifo() {
    return (mode & S_IFMT) == 0x1000;
  }

  public boolean isSocket() {
    return (mode & S_IFMT) == 0xc000;
  }

  public boolean isCharacterDevice() {
    return (mode & S_IFMT) == 0x2000;
  }

  public boolean isBlockDevice() {
    return (mode & S_IFMT) == 0x6000;
  }

  /** Whether the filesystem says anything about the immutable and append flags in statx. */
  public boolean tellsFlags() {
    return (attributesMask & 0x30) == 0x30;
  }

  public boolean isImmutable() {
    return (attributes & 0x10) != 0;
  }

  public boolean isAppendOnly() {
    return (attributes & 0x20) != 0;
  }

  /** Whether the filesystem says in statx which files have fs-verity. */
  public boolean tellsVerity() {
    return (attributesMask & VERITY) != 0;
  }

  public boolean hasVerity() {
    return (attributes & VERITY) != 0;
  }

  /** The flags of {@code stx_attributes} that are part of a version: immutable, append, verity. */
  public long flags() {
    return attributes & (0x30 | VERITY);
  }

  /** The same inode with the same content and metadata, as far as its clocks tell. */
  public boolean sameVersion(Stat other) {
    return inode == other.inode
        && device == other.device
        && mode == other.mode
        && uid == other.uid
        && gid == other.gid
        // Making a file fs-verity need not touch its ctime.
        && flags() == other.flags()
        && size == other.size
        && modified == other.modified
        && changed == other.changed;
  }

  /** Layout of {@code struct statx}: include/uapi/linux/stat.h. */
  void fill(ByteBuffer from, int at) {
    attributes = from.getLong(at + 8);
    links = from.getInt(at + 16);
    uid = from.getInt(at + 20);
    gid = from.getInt(at + 24);
    mode = from.getShort(at + 28) & 0xffff;
    inode = from.getLong(at + 32);
    size = from.getLong(at + 40);
    blocks = from.getLong(at + 48);
    attributesMask = from.getLong(at + 56);
    changed = nanos(from, at + 96);
    modified = nanos(from, at + 112);
    special = pair(from, at + 128);
    device = pair(from, at + 136);
  }

  private static long nanos(ByteBuffer from, int at) {
    return from.getLong(at) * 1_000_000_000L + from.getInt(at + 8);
  }

  private static long pair(ByteBuffer from, int at) {
    return ((long) from.getInt(at) << 32) | (from.getInt(at + 4) & 0xffffffffL);
  }
}
