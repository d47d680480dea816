package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.collector.mounts.Mount;
import io.patina.collector.mounts.MountTable;
import io.patina.scope.Scope;
import java.util.Optional;

/** Decides whether a walk goes into what is mounted on a directory. */
final class Crossings {
  /** What to do at a directory. */
  enum Decision {
    ENTER,
    /** Nothing that belongs to the host is below, or it is seen under its other path. */
    PASS_BY,
    /** There is something in scope that is not looked at. */
    GAP
  }

  private final MountTable mounts;
  private final Scope scope;

  Crossings(MountTable mounts, Scope scope) {
    this.mounts = mounts;
    this.scope = scope;
  }

  /** By the mount table alone, before the directory is touched. */
  Decision at(ByteString directory) {
    if (directory.size() == 1) {
      return Decision.ENTER;
    }
    Optional<Mount> mount = mounts.at(directory);
    if (mount.isEmpty()) {
      return Decision.ENTER;
    }
    return switch (mount.get().kind()) {
      case PSEUDO, MEMORY, AUTOMOUNT -> Decision.PASS_BY;
      case REMOTE -> Decision.GAP;
      case STORAGE ->
          mounts.sameElsewhere(mount.get()).filter(p -> covered(p, directory)).isPresent()
              ? Decision.PASS_BY
              : Decision.ENTER;
    };
  }

  /** Whether the walk comes to this path anyway, and not just through the directory in question. */
  private boolean covered(ByteString path, ByteString directory) {
    return !path.equals(directory)
        && !path.startsWith(directory.concat(ByteString.copyFromUtf8("/")))
        && scope.observesPath(path)
        && scope.entersDirectory(path);
  }

  /**
   * By the file system's magic number, where the device changed and the table knew nothing (another
   * mount namespace). Numbers: include/uapi/linux/magic.h.
   */
  static Decision into(long magic) {
    return switch ((int) magic) {
      case 0x9fa0, // proc
          0x62656572, // sysfs
          0x27e0eb, // cgroup
          0x63677270, // cgroup2
          0x1cd1, // devpts
          0x19800202, // mqueue
          0x64626720, // debugfs
          0x74726163, // tracefs
          0x73636673, // securityfs
          0xf97cff8c, // selinuxfs
          0x6165676c, // pstore
          0xcafe4a11, // bpf
          0x62656570, // configfs
          0x65735543, // fusectl
          0x958458f6, // hugetlbfs
          0x42494e4d, // binfmt_misc
          0xde5e81e4, // efivarfs
          0x6e736673, // nsfs
          0x67596969, // rpc_pipefs
          0x187, // autofs
          0x01021994, // tmpfs, devtmpfs
          0x858458f6 -> // ramfs
          Decision.PASS_BY;
      case 0x6969, // nfs
          0xff534d42, // cifs
          0xfe534d42, // smb2
          0x00c36400, // ceph
          0x65735546, // fuse
          0x01021997 -> // 9p
          Decision.GAP;
      default -> Decision.ENTER;
    };
  }
}
