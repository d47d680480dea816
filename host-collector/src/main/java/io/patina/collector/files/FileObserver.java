package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.collector.syscalls.Errno;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.Stat;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.scope.Scope;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Looks at single paths and says what is there, in the attributes that the scope asks for. For one
 * thread.
 *
 * <p>A regular file is read between two looks at its inode; if those differ it is read again, and a
 * file that never holds still is a gap, not a guess. Only what stat calls a regular file is ever
 * opened, and without blocking, so that a FIFO put in its place cannot hold the reader.
 */
public final class FileObserver {
  private static final int ATTEMPTS = 4;
  private static final int READ = Open.READ | Open.NO_FOLLOW | Open.NON_BLOCKING | Open.NO_ATIME;

  private final RootDirectory root;
  private final Scope scope;
  private final KnownVersions known;
  private final SharedInodes shared;
  private final SystemCalls calls = new SystemCalls();
  private final ExtendedAttributes xattrs = new ExtendedAttributes(calls);
  private final FileReader reader;
  private final Stat before = new Stat();
  private final Stat after = new Stat();
  private boolean isStill;
  private final IdentityHashMap<Set<String>, Wanted> wanted = new IdentityHashMap<>();

  /** An observer of single paths. */
  public FileObserver(RootDirectory root, Scope scope, KnownVersions known) {
    this(root, scope, known, new SharedInodes(), new LongAdder(), Pace.FULL);
  }

  FileObserver(
      RootDirectory root,
      Scope scope,
      KnownVersions known,
      SharedInodes shared,
      LongAdder bytesRead,
      Pace pace) {
    this.root = root;
    this.scope = scope;
    this.known = known;
    this.shared = shared;
    this.reader = new FileReader(calls, bytesRead, pace);
  }

  SystemCalls calls() {
    return calls;
  }

  /**
   * Looks at a path.
   *
   * @param path absolute inside the root, without trailing slash; whether it is in scope is the
   *     caller's to know. Behind a link there is nothing: each file has one path.
   */
  public Observation observe(ByteString path) {
    int slash = path.size() - 1;
    while (slash > 0 && path.byteAt(slash) != '/') {
      slash--;
    }
    byte[] parent = slash == 0 ? new byte[] {'/'} : path.substring(0, slash).toByteArray();
    byte[] name = path.size() == 1 ? new byte[] {'.'} : path.substring(slash + 1).toByteArray();
    int directory = root.openExact(calls, parent, Open.PATH_ONLY | Open.DIRECTORY);
    if (directory < 0) {
      return unknown(path, -directory);
    }
    try {
      return observe(directory, name, path, scope.attributesOf(path));
    } finally {
      calls.close(directory);
    }
  }

  /** Looks at a name in an open directory. */
  Observation observe(int directory, byte[] name, ByteString path, Set<String> names) {
    Wanted attributes = wanted.computeIfAbsent(names, Wanted::of);
    for (int i = 0; i < ATTEMPTS; i++) {
      int answer = calls.stat(directory, name, before);
      if (answer < 0) {
        return unknown(path, -answer);
      }
      if (known.unchanged(path, before)) {
        return new Observation.Unchanged(before.isDirectory());
      }
      Optional<Observation> held =
          before.isRegular()
              ? regular(directory, name, path, attributes)
              : other(directory, name, path, attributes);
      if (held.isPresent()) {
        return held.get();
      }
    }
    return missed(path, Gap.CHANGING, before.isDirectory());
  }

  /** Empty if it changed meanwhile. */
  private Optional<Observation> regular(
      int directory, byte[] name, ByteString path, Wanted attributes) {
    Attributes.Builder out = common(attributes, "file");
    if (attributes.size()) {
      out.text(Attributes.SIZE, Long.toString(before.size()));
    }
    boolean ask =
        (attributes.flags() && !before.tellsFlags())
            || (attributes.verity() && (before.hasVerity() || !before.tellsVerity()));
    if (attributes.verity()) {
      out.bytes(Wanted.VERITY, ByteString.EMPTY);
    }
    Optional<Digests> digests = Optional.empty();
    boolean read = attributes.content();
    if (!read && !ask) {
      Optional<Observation> failure =
          settled(xattrs.of(directory, name, before, attributes, out), path, directory, name);
      if (failure.isPresent() || !isStill) {
        return failure;
      }
    } else {
      int open = calls.open(directory, name, READ);
      if (open == -Errno.EPERM) {
        // O_NOATIME is for the owner and root only.
        open = calls.open(directory, name, READ & ~Open.NO_ATIME);
      }
      if (open < 0) {
        boolean swapped = Reasons.absent(-open) || open == -Errno.ENXIO;
        return swapped ? Optional.empty() : Optional.of(failed(path, -open));
      }
      int descriptor = open;
      try {
        if (calls.stat(descriptor, after) < 0 || !after.sameVersion(before)) {
          return Optional.empty();
        }
        if (read) {
          switch (shared.once(
              before, attributes.md5(), () -> reader.read(descriptor, before, attributes.md5()))) {
            case FileReader.Outcome.Read done -> digests = Optional.of(done.digests());
            case FileReader.Outcome.Failed failed -> {
              return Optional.of(failed(path, failed.errno()));
            }
          }
        }
        int answer = xattrs.of(descriptor, before, attributes, out);
        if (answer == ExtendedAttributes.READ && ask) {
          answer = asked(descriptor, attributes, out);
        }
        if (answer < 0) {
          return Optional.of(failed(path, -answer));
        }
        if (answer == ExtendedAttributes.CHANGED
            || calls.stat(descriptor, after) < 0
            || !after.sameVersion(before)) {
          return Optional.empty();
        }
      } finally {
        calls.close(descriptor);
      }
    }
    digests.ifPresent(d -> digests(d, attributes, out));
    return Optional.of(present(path, out));
  }

  private static void digests(Digests digests, Wanted attributes, Attributes.Builder out) {
    if (attributes.sha256()) {
      out.bytes(Attributes.SHA256, digests.sha256());
    }
    @Nullable ByteString md5 = digests.md5();
    if (attributes.md5() && md5 != null) {
      out.bytes(Attributes.MD5, md5);
    }
  }

  /** Everything that is not opened for its content; empty if it changed meanwhile. */
  private Optional<Observation> other(
      int directory, byte[] name, ByteString path, Wanted attributes) {
    Attributes.Builder out = common(attributes, type());
    if (before.isLink() && attributes.target()) {
      int length = calls.readLink(directory, name);
      if (length < 0) {
        boolean swapped = length == -Errno.EINVAL || Reasons.absent(-length);
        return swapped ? Optional.empty() : Optional.of(failed(path, -length));
      }
      out.bytes(Attributes.TARGET, ByteString.copyFrom(calls.taken(length)));
    }
    boolean device = before.isCharacterDevice() || before.isBlockDevice();
    if (device && attributes.device()) {
      out.text(
          Attributes.DEVICE, (before.special() >>> 32) + ":" + (before.special() & 0xffffffffL));
    }
    Optional<Observation> failure =
        settled(xattrs.of(directory, name, before, attributes, out), path, directory, name);
    return failure.isPresent() || !isStill ? failure : Optional.of(present(path, out));
  }

  /**
   * What reading beside stat came to, where no descriptor held the file: a gap, or nothing; {@link
   * #isStill} then says whether all of it was said of one and the same file.
   */
  private Optional<Observation> settled(int answer, ByteString path, int directory, byte[] name) {
    isStill = false;
    if (answer < 0) {
      return Optional.of(failed(path, -answer));
    }
    isStill =
        answer == ExtendedAttributes.READ
            && calls.stat(directory, name, after) == 0
            && after.sameVersion(before);
    return Optional.empty();
  }

  /** What only an open file tells. */
  private int asked(int descriptor, Wanted attributes, Attributes.Builder out) {
    if (attributes.flags() && !before.tellsFlags()) {
      int flags = calls.inodeFlags(descriptor);
      if (flags < 0 && !isUnknown(flags)) {
        return flags;
      }
      flags(Math.max(flags, 0), out);
    }
    if (attributes.verity()) {
      int length = calls.verityDigest(descriptor);
      if (length < 0 && length != -Errno.ENODATA && !isUnknown(length)) {
        return length;
      }
      if (length > 0) {
        out.bytes(Wanted.VERITY, ByteString.copyFrom(calls.taken(length)));
      }
    }
    return ExtendedAttributes.READ;
  }

  /** Whether the file system knows no such thing, so that no file on it has one. */
  private static boolean isUnknown(int answer) {
    return answer == -Errno.ENOTTY || answer == -Errno.EOPNOTSUPP;
  }

  private String type() {
    if (before.isDirectory()) {
      return "directory";
    } else if (before.isLink()) {
      return "link";
    } else if (before.isFifo()) {
      return "fifo";
    } else if (before.isSocket()) {
      return "socket";
    }
    return before.isBlockDevice() ? "block" : "char";
  }

  private Attributes.Builder common(Wanted attributes, String type) {
    Attributes.Builder out = new Attributes.Builder();
    if (attributes.type()) {
      out.text(Attributes.TYPE, type);
    }
    if (attributes.mode()) {
      out.text(Attributes.MODE, octal(before.permissions()));
    }
    if (attributes.uid()) {
      out.text(Attributes.UID, Integer.toUnsignedString(before.uid()));
    }
    if (attributes.gid()) {
      out.text(Attributes.GID, Integer.toUnsignedString(before.gid()));
    }
    if (attributes.flags() && before.tellsFlags()) {
      int flags = (before.isImmutable() ? 0x10 : 0) | (before.isAppendOnly() ? 0x20 : 0);
      // Not every file system tells those of directories: none would be a gap on another one.
      if (flags != 0 || before.isRegular()) {
        flags(flags, out);
      }
    }
    return out;
  }

  private static String octal(int mode) {
    char[] digits = new char[4];
    for (int i = 0; i < 4; i++) {
      digits[i] = (char) ('0' + ((mode >> (9 - 3 * i)) & 7));
    }
    return new String(digits);
  }

  /**
   * States immutable and append. A regular file without them states that there are none, so that
   * setting and clearing are both seen.
   */
  private static void flags(int flags, Attributes.Builder out) {
    String immutable = (flags & 0x10) != 0 ? "immutable" : "";
    String append = (flags & 0x20) != 0 ? "append" : "";
    String comma = immutable.isEmpty() || append.isEmpty() ? "" : ",";
    out.text(Attributes.FLAGS, immutable + comma + append);
  }

  private Observation present(ByteString path, Attributes.Builder out) {
    return new Observation.Present(
        Entry.of(FactKey.file(path), out.build()),
        before.isDirectory(),
        known.version(path, before));
  }

  private static Observation failed(ByteString path, int errno) {
    return Reasons.absent(errno)
        ? new Observation.Absent()
        : missed(path, Reasons.of(errno), false);
  }

  /** The same where not even the type is known. */
  private static Observation unknown(ByteString path, int errno) {
    return Reasons.absent(errno) ? new Observation.Absent() : missed(path, Reasons.of(errno), true);
  }

  private static Observation missed(ByteString path, String reason, boolean mayHold) {
    return new Observation.Missed(
        Entry.of(new Gap(FactKey.file(path), false, reason)), reason, mayHold);
  }
}
