package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.collector.mounts.FileSystemMagic;
import io.patina.collector.mounts.Mount;
import io.patina.collector.mounts.MountTable;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.Stat;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.scope.Scope;
import java.util.Optional;

/**
 * Decides whether a walk goes into what is mounted on a directory. Safe for many threads.
 *
 * <p>Of one directory that is seen under two mount points, the path under the mount that comes
 * first in the table stands, as long as all that is in scope under the other path is in scope under
 * it, and the two really are one inode.
 */
final class Crossings {
  /** What to do at a directory. */
  enum Decision {
    ENTER,
    /** Nothing that belongs to the host is below, or it is seen under its other path. */
    PASS_BY,
    /** The scope says that it is no part of what is observed. */
    OUT_OF_SCOPE,
    /** There is something in scope that is not looked at. */
    GAP
  }

  /** Deeper chains of binds of binds than this are entered: seen twice rather than not at all. */
  private static final int DEEPEST = 8;

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private final RootDirectory root;
  private final MountTable mounts;
  private final Scope scope;

  Crossings(RootDirectory root, MountTable mounts, Scope scope) {
    this.root = root;
    this.mounts = mounts;
    this.scope = scope;
  }

  /** Whether there is something to decide for a name in this directory. */
  boolean any(ByteString directory) {
    return mounts.mountedIn(directory);
  }

  /** The same for who has no door to the kernel at hand, and seldom asks. */
  Decision at(ByteString directory) {
    // A door costs some buffers; most directories have nothing mounted on them.
    return mounts.at(directory).isEmpty() ? Decision.ENTER : at(directory, new SystemCalls());
  }

  /**
   * By the mount table, before the directory is touched: a server that does not answer would hold
   * up whoever asks.
   */
  Decision at(ByteString directory, SystemCalls calls) {
    return at(directory, calls, 0);
  }

  private Decision at(ByteString directory, SystemCalls calls, int depth) {
    if (directory.size() == 1) {
      return Decision.ENTER;
    }
    Optional<Mount> mount = mounts.at(directory);
    if (mount.isEmpty()) {
      return Decision.ENTER;
    }
    Decision decision = of(mount.get().type(), directory);
    boolean twice =
        decision == Decision.ENTER
            && depth < DEEPEST
            && mounts
                .sameElsewhere(mount.get())
                .filter(p -> covered(p, directory, calls, depth))
                .isPresent();
    return twice ? Decision.PASS_BY : decision;
  }

  /** By type alone: what the scope says, else what suits the type. */
  private Decision of(String type, ByteString point) {
    Mount.Kind kind = Mount.kind(type);
    if (kind == Mount.Kind.PSEUDO || kind == Mount.Kind.AUTOMOUNT) {
      return Decision.PASS_BY;
    }
    return switch (scope.crossing().of(type, point)) {
      case ENTER -> Decision.ENTER;
      case EXCLUDE -> Decision.OUT_OF_SCOPE;
      case NOTHING ->
          switch (kind) {
            case MEMORY, PSEUDO, AUTOMOUNT -> Decision.PASS_BY;
            case REMOTE -> Decision.GAP;
            case STORAGE -> Decision.ENTER;
          };
    };
  }

  /** Whether the walk comes to this path anyway, and not just through the directory in question. */
  private boolean covered(ByteString path, ByteString directory, SystemCalls calls, int depth) {
    return !path.equals(directory)
        && !path.startsWith(directory.concat(SLASH))
        && scope.observesPath(path)
        && scope.entersDirectory(path)
        && scope.includesAllBelow(path)
        && isReached(path, calls, depth)
        && isSame(path, directory, calls);
  }

  /** Whether nothing that is mounted on the way keeps the walk from it. */
  private boolean isReached(ByteString path, SystemCalls calls, int depth) {
    for (int i = 1; i <= path.size(); i++) {
      if ((i == path.size() || path.byteAt(i) == '/')
          && at(path.substring(0, i), calls, depth + 1) != Decision.ENTER) {
        return false;
      }
    }
    return true;
  }

  /** The table may be old, and what it names hidden by now. */
  private boolean isSame(ByteString one, ByteString other, SystemCalls calls) {
    Stat a = new Stat();
    Stat b = new Stat();
    return look(one, calls, a)
        && look(other, calls, b)
        && a.device() == b.device()
        && a.inode() == b.inode();
  }

  private boolean look(ByteString path, SystemCalls calls, Stat into) {
    int open = root.openExact(calls, path.toByteArray(), Open.PATH_ONLY | Open.DIRECTORY);
    if (open < 0) {
      return false;
    }
    try {
      return calls.stat(open, into) == 0;
    } finally {
      calls.close(open);
    }
  }

  /**
   * By the file system's magic number, where the device changed and the table knew nothing (another
   * mount namespace, or mounted since).
   */
  Decision into(long magic, ByteString directory) {
    return of(FileSystemMagic.type(magic), directory);
  }
}
