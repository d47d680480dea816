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
import java.nio.charset.StandardCharsets;
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
  private final FileReader reader;
  private final Stat before = new Stat();
  private final Stat after = new Stat();
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
      return failed(path, -directory);
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
        return failed(path, -answer);
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
    return missed(path, Gap.CHANGING);
  }

  /** Empty if it changed meanwhile. */
  private Optional<Observation> regular(
      int directory, byte[] name, ByteString path, Wanted attributes) {
    Attributes.Builder out = common(attributes, "file");
    if (attributes.size()) {
      out.text(Attributes.SIZE, Long.toString(before.size()));
    }
    boolean ask = attributes.flags() && !before.tellsFlags();
    Optional<Digests> digests = Optional.empty();
    boolean read = attributes.content();
    if (!read && !ask) {
      xattrs(directory, name, attributes, out);
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
              before, () -> reader.read(descriptor, before.size(), attributes.md5()))) {
            case FileReader.Outcome.Read done -> digests = Optional.of(done.digests());
            case FileReader.Outcome.Failed failed -> {
              return Optional.of(failed(path, failed.errno()));
            }
          }
        }
        xattrs(descriptor, attributes, out);
        if (ask) {
          flags(calls.inodeFlags(descriptor), out);
        }
        if (calls.stat(descriptor, after) < 0 || !after.sameVersion(before)) {
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
    xattrs(directory, name, attributes, out);
    return Optional.of(present(path, out));
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
    boolean none = flags == -Errno.ENOTTY || flags == -Errno.EOPNOTSUPP;
    if (flags >= 0 || none) {
      String immutable = !none && (flags & 0x10) != 0 ? "immutable" : "";
      String append = !none && (flags & 0x20) != 0 ? "append" : "";
      String comma = immutable.isEmpty() || append.isEmpty() ? "" : ",";
      out.text(Attributes.FLAGS, immutable + comma + append);
    }
  }

  /** Likewise a regular file states that it has no capability. */
  private void noCapability(int listed, Wanted attributes, Attributes.Builder out) {
    boolean asked = listed >= 0 || listed == -Errno.EOPNOTSUPP;
    if (asked && attributes.capability() && before.isRegular()) {
      out.bytes("capability", ByteString.EMPTY);
    }
  }

  private void xattrs(int descriptor, Wanted attributes, Attributes.Builder out) {
    if (attributes.xattrs()) {
      int length = calls.listAttributes(descriptor);
      noCapability(length, attributes, out);
      if (length > 0) {
        for (String name : names(calls.taken(length))) {
          keep(name, attributes, out, n -> calls.attribute(descriptor, n));
        }
      }
    }
  }

  private void xattrs(int directory, byte[] name, Wanted attributes, Attributes.Builder out) {
    if (attributes.xattrs()) {
      byte[] path = SystemCalls.throughProc(directory, name);
      int length = calls.listAttributes(path);
      noCapability(length, attributes, out);
      if (length > 0) {
        for (String xattr : names(calls.taken(length))) {
          keep(xattr, attributes, out, n -> calls.attribute(path, n));
        }
      }
    }
  }

  private void keep(
      String xattr,
      Wanted attributes,
      Attributes.Builder out,
      java.util.function.ToIntFunction<String> get) {
    String attribute = attributes.attributeFor(xattr);
    if (!attribute.isEmpty() && attribute.length() <= Attributes.MAX_NAME) {
      int length = get.applyAsInt(xattr);
      if (length >= 0) {
        byte[] value = calls.taken(length);
        // The label is a C string; whether its NUL is stored depends on who wrote it.
        boolean text = attribute.equals("selinux") && length > 0 && value[length - 1] == 0;
        out.bytes(attribute, ByteString.copyFrom(value, 0, text ? length - 1 : length));
      }
    }
  }

  private static String[] names(byte[] list) {
    return new String(list, StandardCharsets.ISO_8859_1).split("\0");
  }

  private Observation present(ByteString path, Attributes.Builder out) {
    return new Observation.Present(
        Entry.of(FactKey.file(path), out.build()),
        before.isDirectory(),
        known.version(path, before));
  }

  static Observation failed(ByteString path, int errno) {
    return Reasons.absent(errno) ? new Observation.Absent() : missed(path, Reasons.of(errno));
  }

  private static Observation missed(ByteString path, String reason) {
    return new Observation.Missed(Entry.of(new Gap(FactKey.file(path), false, reason)));
  }
}
