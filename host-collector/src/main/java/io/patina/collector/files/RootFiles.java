package io.patina.collector.files;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.patina.collector.files.Names.Name;
import io.patina.collector.syscalls.Errno;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.Stat;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.facts.Gap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the small files and directories from which probes learn, links followed inside the root.
 * For one thread.
 */
public final class RootFiles {
  private final RootDirectory root;
  private final SystemCalls calls = new SystemCalls();
  private final Stat stat = new Stat();

  public RootFiles(RootDirectory root) {
    this.root = root;
  }

  public RootDirectory root() {
    return root;
  }

  /**
   * The whole content of a regular file.
   *
   * @param most bytes that will be read; a longer file is unreadable for the reason {@code limit}
   */
  public Content read(String path, int most) {
    return read(bytes(path), most);
  }

  /** The same for a path of raw bytes. */
  public Content read(byte[] path, int most) {
    int found = root.openFollowing(calls, path, Open.PATH_ONLY);
    if (found < 0) {
      return Reasons.absent(-found)
          ? new Content.Absent()
          : new Content.Unreadable(Reasons.of(-found));
    }
    try {
      int answer = calls.stat(found, stat);
      if (answer < 0) {
        return new Content.Unreadable(Reasons.of(-answer));
      } else if (!stat.isRegular()) {
        // Something is there, and not what it should be. A device is not even opened: that alone
        // can rewind a tape or start a watchdog.
        return new Content.Unreadable(Gap.MALFORMED);
      }
      return opened(found, path, most);
    } finally {
      calls.close(found);
    }
  }

  private Content opened(int found, byte[] path, int most) {
    int flags = Open.READ | Open.NON_BLOCKING;
    int descriptor = calls.reopen(found, flags);
    if (descriptor == -Errno.ENOENT) {
      // Without /proc: by its name once more.
      descriptor = root.openFollowing(calls, path, flags);
    }
    if (descriptor < 0) {
      return new Content.Unreadable(Reasons.of(-descriptor));
    }
    try {
      int answer = calls.stat(descriptor, stat);
      if (answer < 0 || !stat.isRegular()) {
        return new Content.Unreadable(answer < 0 ? Reasons.of(-answer) : Gap.MALFORMED);
      }
      return content(descriptor, most);
    } finally {
      calls.close(descriptor);
    }
  }

  private Content content(int descriptor, int most) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 * 1024];
    while (true) {
      int got = calls.read(descriptor, buffer, buffer.length);
      if (got == 0) {
        return new Content.Present(UnsafeByteOperations.unsafeWrap(out.toByteArray()));
      } else if (got < 0) {
        return new Content.Unreadable(Reasons.of(-got));
      } else if (out.size() + got > most) {
        return new Content.Unreadable(Gap.LIMIT);
      }
      out.write(buffer, 0, got);
    }
  }

  /** The names in a directory. */
  public Names list(String path) {
    int descriptor = root.openFollowing(calls, bytes(path), Open.READ | Open.DIRECTORY);
    if (descriptor < 0) {
      return Reasons.absent(-descriptor)
          ? new Names.Absent()
          : new Names.Unreadable(Reasons.of(-descriptor));
    }
    try {
      List<Name> names = new ArrayList<>();
      int answer;
      do {
        answer =
            calls.list(
                descriptor,
                (inode, type, name) ->
                    names.add(new Name(UnsafeByteOperations.unsafeWrap(name), type)));
      } while (answer > 0);
      if (answer < 0) {
        return new Names.Unreadable(Reasons.of(-answer));
      }
      names.sort(
          (a, b) -> ByteString.unsignedLexicographicalComparator().compare(a.bytes(), b.bytes()));
      return new Names.Present(List.copyOf(names));
    } finally {
      calls.close(descriptor);
    }
  }

  /** Target of the link at this path; empty if there is no link. Links before it are followed. */
  public Optional<ByteString> link(String path) {
    return link(ByteString.copyFromUtf8(path));
  }

  /** The same for a path of raw bytes. */
  public Optional<ByteString> link(ByteString path) {
    int slash = path.size() - 1;
    while (slash > 0 && path.byteAt(slash) != '/') {
      slash--;
    }
    byte[] parent = slash <= 0 ? new byte[] {'/'} : path.substring(0, slash).toByteArray();
    int directory = root.openFollowing(calls, parent, Open.PATH_ONLY | Open.DIRECTORY);
    if (directory < 0) {
      return Optional.empty();
    }
    try {
      int length = calls.readLink(directory, path.substring(slash + 1).toByteArray());
      return length < 0
          ? Optional.empty()
          : Optional.of(UnsafeByteOperations.unsafeWrap(calls.taken(length)));
    } finally {
      calls.close(directory);
    }
  }

  /** Whether anything is at the path, links followed; true also if that may not be known. */
  public boolean exists(String path) {
    return exists(ByteString.copyFromUtf8(path));
  }

  /** The same for a path of raw bytes. */
  public boolean exists(ByteString path) {
    int descriptor = root.openFollowing(calls, path.toByteArray(), Open.PATH_ONLY);
    if (descriptor >= 0) {
      calls.close(descriptor);
    }
    return descriptor >= 0 || descriptor == -Errno.EACCES;
  }

  private static byte[] bytes(String path) {
    return path.getBytes(StandardCharsets.UTF_8);
  }
}
