package io.patina.collector.files;

import io.patina.collector.syscalls.Errno;
import io.patina.facts.Gap;

/** What an error number means for the one who wanted to observe. */
final class Reasons {
  private Reasons() {}

  /** Whether the error says that the thing is not there (any more), rather than not readable. */
  static boolean absent(int errno) {
    return errno == Errno.ENOENT || errno == Errno.ENOTDIR || errno == Errno.ELOOP;
  }

  /** Reason of the gap that the error leaves. */
  static String of(int errno) {
    return switch (errno) {
      case Errno.EPERM, Errno.EACCES -> Gap.PERMISSION;
      case Errno.EIO, Errno.EUCLEAN, Errno.ESTALE -> Gap.IO_ERROR;
      case Errno.EMFILE, Errno.ENFILE, Errno.ENAMETOOLONG, Errno.ENOMEM, Errno.E2BIG -> Gap.LIMIT;
      // A lease that somebody holds for writing, which opening has now asked them to give back.
      case Errno.EAGAIN -> Gap.CHANGING;
      // An encrypted file whose key is not loaded.
      case Errno.ENOKEY -> Gap.PERMISSION;
      case Errno.EOPNOTSUPP, Errno.ENOSYS -> Gap.UNSUPPORTED;
      default -> Gap.IO_ERROR;
    };
  }
}
