package io.patina.collector.mounts;

/**
 * File system types by the magic number that statfs tells, for a directory that no mount table
 * knows. Numbers: include/uapi/linux/magic.h.
 */
public final class FileSystemMagic {
  private FileSystemMagic() {}

  /**
   * The type as mountinfo would name it.
   *
   * @param magic as {@code f_type} has it, unsigned 32 bits
   * @return {@code nfs} for each of its versions; empty for one not known here, which is storage
   */
  public static String type(long magic) {
    return switch ((int) magic) {
      case 0x9fa0 -> "proc";
      case 0x62656572 -> "sysfs";
      case 0x27e0eb -> "cgroup";
      case 0x63677270 -> "cgroup2";
      case 0x1cd1 -> "devpts";
      case 0x19800202 -> "mqueue";
      case 0x64626720 -> "debugfs";
      case 0x74726163 -> "tracefs";
      case 0x73636673 -> "securityfs";
      case 0xf97cff8c -> "selinuxfs";
      case 0x43415d53 -> "smackfs";
      case 0x6165676c -> "pstore";
      case 0xcafe4a11 -> "bpf";
      case 0x62656570 -> "configfs";
      case 0x65735543 -> "fusectl";
      case 0x958458f6 -> "hugetlbfs";
      case 0x42494e4d -> "binfmt_misc";
      case 0xde5e81e4 -> "efivarfs";
      case 0x6e736673 -> "nsfs";
      case 0x67596969 -> "rpc_pipefs";
      case 0x6e667364 -> "nfsd";
      case 0x7655821 -> "resctrl";
      case 0x6c6f6f70 -> "binder";
      case 0xabba1974 -> "xenfs";
      case 0x187 -> "autofs";
      case 0x01021994 -> "tmpfs";
      case 0x858458f6 -> "ramfs";
      case 0x6969 -> "nfs";
      case 0xff534d42 -> "cifs";
      case 0xfe534d42 -> "smb3";
      case 0x00c36400 -> "ceph";
      case 0x65735546 -> "fuse";
      case 0x01021997 -> "9p";
      case 0x5346414f, 0x6b414653 -> "afs";
      case 0x73757245 -> "coda";
      case 0x01161970 -> "gfs2";
      case 0x7461636f -> "ocfs2";
      case 0x0bd00bd0 -> "lustre";
      case 0x786f4256 -> "vboxsf";
      case 0xef53 -> "ext4";
      case 0x58465342 -> "xfs";
      case 0x9123683e -> "btrfs";
      case 0xf2f52010 -> "f2fs";
      case 0x73717368 -> "squashfs";
      case 0xe0f5e1e2 -> "erofs";
      case 0x794c7630 -> "overlay";
      case 0x4d44 -> "vfat";
      case 0x9660 -> "iso9660";
      default -> "";
    };
  }
}
