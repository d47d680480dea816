package io.patina.collector.syscalls;

import java.util.Locale;

/**
 * System call numbers and open flags of one machine architecture. Sources: Linux {@code
 * arch/x86/entry/syscalls/syscall_64.tbl}, {@code include/uapi/asm-generic/unistd.h}, {@code
 * arch/arm64/include/uapi/asm/fcntl.h}.
 */
record Abi(
    int read,
    int write,
    int close,
    int ioctl,
    int socket,
    int sendto,
    int fstatfs,
    int setpriority,
    int schedSetscheduler,
    int lgetxattr,
    int fgetxattr,
    int llistxattr,
    int flistxattr,
    int getdents64,
    int inotifyInit1,
    int inotifyAddWatch,
    int inotifyRmWatch,
    int openat,
    int readlinkat,
    int ppoll,
    int eventfd2,
    int ioprioSet,
    int geteuid,
    int statx,
    int openat2,
    int fanotifyInit,
    int fanotifyMark,
    int nameToHandleAt,
    int openByHandleAt,
    int directoryFlag,
    int noFollowFlag) {

  private static final Abi X86_64 =
      new Abi(
          0, 1, 3, 16, 41, 44, 138, 141, 144, 192, 193, 195, 196, 217, 294, 254, 255, 257, 267, 271,
          290, 251, 107, 332, 437, 300, 301, 303, 304, 0x10000, 0x20000);

  private static final Abi AARCH64 =
      new Abi(
          63, 64, 57, 29, 198, 206, 44, 140, 119, 9, 10, 12, 13, 61, 26, 27, 28, 56, 78, 73, 19, 30,
          175, 291, 437, 262, 263, 264, 265, 0x4000, 0x8000);

  /** The architecture this process runs on. */
  static final Abi HERE = of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));

  static Abi of(String system, String architecture) {
    if (!system.toLowerCase(Locale.ROOT).startsWith("linux")) {
      throw new UnsupportedOperationException("Linux is needed, this is " + system);
    }
    return switch (architecture) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "x86_64 or aarch64 is needed, this is " + architecture);
    };
  }
}
