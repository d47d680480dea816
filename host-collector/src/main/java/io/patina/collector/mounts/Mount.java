package io.patina.collector.mounts;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * One line of mountinfo, unescaped. Form: proc_pid_mountinfo(5).
 *
 * @param id unique in its table
 * @param parent id of the mount that it lies on; of none in the table for the root
 * @param device major:minor of the files in it
 * @param fsRoot the directory of the file system that is its root here
 * @param point where it is mounted, raw bytes
 * @param options per mount, as listed
 * @param type file system type, with subtype ({@code fuse.sshfs})
 * @param source what was mounted, raw bytes
 * @param superOptions per file system, as listed
 */
public record Mount(
    int id,
    int parent,
    String device,
    ByteString fsRoot,
    ByteString point,
    List<String> options,
    String type,
    ByteString source,
    List<String> superOptions) {

  public Mount {
    options = List.copyOf(options);
    superOptions = List.copyOf(superOptions);
  }

  /** What stands behind a mount. */
  public enum Kind {
    /** Made up by the kernel: there are no files in it that anyone installed. */
    PSEUDO,
    /** In memory; empty after a reboot. */
    MEMORY,
    /** Entering it would mount something. */
    AUTOMOUNT,
    /** Served by another machine or a user process, which may not answer. */
    REMOTE,
    /** Everything else: files that stay. */
    STORAGE
  }

  public Kind kind() {
    return kind(type);
  }

  /** What stands behind a file system of this type. */
  public static Kind kind(String type) {
    return switch (type) {
      case "proc",
          "sysfs",
          "cgroup",
          "cgroup2",
          "devtmpfs",
          "devpts",
          "mqueue",
          "debugfs",
          "tracefs",
          "securityfs",
          "selinuxfs",
          "smackfs",
          "pstore",
          "bpf",
          "configfs",
          "fusectl",
          "hugetlbfs",
          "binfmt_misc",
          "efivarfs",
          "nsfs",
          "rpc_pipefs",
          "nfsd",
          "resctrl",
          "binder",
          "cpuset",
          "functionfs",
          "pipefs",
          "sockfs",
          "bdev",
          "spufs",
          "xenfs" ->
          Kind.PSEUDO;
      case "tmpfs", "ramfs" -> Kind.MEMORY;
      case "autofs" -> Kind.AUTOMOUNT;
      case "nfs",
          "nfs4",
          "cifs",
          "smb3",
          "ceph",
          "afs",
          "coda",
          "gfs2",
          "ocfs2",
          "lustre",
          "orangefs",
          "9p",
          "virtiofs",
          "vboxsf" ->
          Kind.REMOTE;
      default -> type.equals("fuse") || type.startsWith("fuse.") ? Kind.REMOTE : Kind.STORAGE;
    };
  }
}
