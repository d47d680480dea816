package io.patina.collector.files;

import io.patina.collector.syscalls.Errno;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.Stat;
import io.patina.collector.syscalls.SystemCalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The root of the observed system: {@code /}, or a directory such as {@code /host} under which
 * another system lies. Every path is resolved inside it; neither {@code ..} nor an absolute link
 * leads out. Safe for use by many threads, each with its own {@link SystemCalls}.
 */
public final class RootDirectory implements AutoCloseable {
  /** Longest piece of a path given to the kernel at once (PATH_MAX less some room). */
  private static final int PIECE_BYTES = 4000;

  private static final int RACES = 16;

  /** What became of opening a root. */
  public sealed interface Opening {
    /** Open until closed. */
    record Ready(RootDirectory root) implements Opening {}

    /** Not there, no directory, or not accessible. */
    record Refused(String path, int errno) implements Opening {}
  }

  private final String path;
  private final int descriptor;
  private final boolean confined;

  private RootDirectory(String path, int descriptor, boolean confined) {
    this.path = path;
    this.descriptor = descriptor;
    this.confined = confined;
  }

  /**
   * Opens a root.
   *
   * @param path of a directory, as this process sees it; links in it are followed
   */
  public static Opening open(String path) {
    return open(path, true);
  }

  /** As {@link #open(String)}; {@code useOpenat2} off takes the way of kernels before 5.6. */
  static Opening open(String path, boolean useOpenat2) {
    SystemCalls calls = new SystemCalls();
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    int opened = calls.open(SystemCalls.WORKING_DIRECTORY, bytes, Open.PATH_ONLY | Open.DIRECTORY);
    if (opened < 0) {
      return new Opening.Refused(path, -opened);
    }
    int probe = useOpenat2 ? calls.openInRoot(opened, new byte[] {'/'}, Open.PATH_ONLY, true) : -1;
    if (probe >= 0) {
      calls.close(probe);
    }
    byte[] self = ("/proc/self/fd/" + opened).getBytes(StandardCharsets.US_ASCII);
    int length = calls.readLink(SystemCalls.WORKING_DIRECTORY, self);
    String real = length > 0 ? new String(calls.taken(length), StandardCharsets.UTF_8) : path;
    return new Opening.Ready(new RootDirectory(real, opened, probe >= 0));
  }

  /** Where the root lies as this process sees it, links resolved. */
  public String path() {
    return path;
  }

  /** Whether it is this process's own root, so that {@code /proc} and {@code /sys} speak of it. */
  public boolean isLive() {
    return path.equals("/");
  }

  /**
   * Opens the very file of that path: a link anywhere on the way answers {@code ELOOP}.
   *
   * @param path absolute inside the root, of any length, without {@code ..}
   * @return a descriptor, or a negated {@link Errno}
   */
  public int openExact(SystemCalls calls, byte[] path, int flags) {
    if (!confined) {
      return walk(calls, path, flags, false);
    }
    int from = descriptor;
    int start = 0;
    while (path.length - start > PIECE_BYTES) {
      int cut = start + PIECE_BYTES;
      while (cut > start && path[cut] != '/') {
        cut--;
      }
      int next =
          cut == start
              ? -Errno.ENAMETOOLONG
              : confined(
                  calls,
                  from,
                  Arrays.copyOfRange(path, start, cut),
                  Open.PATH_ONLY | Open.DIRECTORY,
                  false);
      release(calls, from);
      if (next < 0) {
        return next;
      }
      from = next;
      start = cut;
    }
    byte[] rest = start == 0 ? path : Arrays.copyOfRange(path, start, path.length);
    int opened = confined(calls, from, rest, flags, false);
    release(calls, from);
    return opened;
  }

  /** Opens what the path leads to, links followed inside the root. */
  int openFollowing(SystemCalls calls, byte[] path, int flags) {
    return confined
        ? confined(calls, descriptor, path, flags, true)
        : walk(calls, path, flags, true);
  }

  private int confined(SystemCalls calls, int from, byte[] path, int flags, boolean follow) {
    int opened = -Errno.EAGAIN;
    // EAGAIN: something was renamed while ".." was resolved.
    for (int i = 0; i < RACES && opened == -Errno.EAGAIN; i++) {
      opened = calls.openInRoot(from, path, flags, follow);
    }
    return opened;
  }

  private void release(SystemCalls calls, int from) {
    if (from != descriptor) {
      calls.close(from);
    }
  }

  /** The way of kernels without openat2: component by component, links resolved here. */
  private int walk(SystemCalls calls, byte[] path, int flags, boolean follow) {
    List<byte[]> ahead = components(path);
    List<Integer> behind = new ArrayList<>(List.of(descriptor));
    Stat stat = new Stat();
    int links = 0;
    int answer = 0;
    while (answer == 0 && !ahead.isEmpty()) {
      byte[] name = ahead.removeFirst();
      if (Arrays.equals(name, new byte[] {'.', '.'})) {
        if (behind.size() > 1) {
          calls.close(behind.removeLast());
        }
        continue;
      }
      int here = behind.getLast();
      answer = calls.stat(here, name, stat);
      if (answer < 0) {
        break;
      }
      if (stat.isLink() && (follow || !ahead.isEmpty())) {
        int length = follow && ++links <= 40 ? calls.readLink(here, name) : -Errno.ELOOP;
        if (length < 0) {
          answer = length;
          break;
        }
        byte[] target = calls.taken(length);
        if (length > 0 && target[0] == '/') {
          while (behind.size() > 1) {
            calls.close(behind.removeLast());
          }
        }
        ahead.addAll(0, components(target));
        continue;
      }
      int opened =
          calls.open(
              here,
              name,
              (ahead.isEmpty() ? flags : Open.PATH_ONLY | Open.DIRECTORY) | Open.NO_FOLLOW);
      if (opened < 0) {
        answer = opened;
      } else {
        behind.add(opened);
      }
    }
    int result = answer;
    if (answer == 0) {
      // Nothing but ".." and the root itself was named: open the directory anew with the flags.
      result =
          behind.size() == 1 || !ends(path, behind)
              ? calls.open(behind.getLast(), new byte[] {'.'}, flags)
              : behind.removeLast();
    }
    while (behind.size() > 1) {
      calls.close(behind.removeLast());
    }
    return result;
  }

  /** Whether the last descriptor was opened with the caller's flags: not after a final "..". */
  private static boolean ends(byte[] path, List<Integer> behind) {
    List<byte[]> parts = components(path);
    return behind.size() > 1 && !Arrays.equals(parts.getLast(), new byte[] {'.', '.'});
  }

  private static List<byte[]> components(byte[] path) {
    List<byte[]> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        boolean nothing = i == from || (i == from + 1 && path[from] == '.');
        if (!nothing) {
          parts.add(Arrays.copyOfRange(path, from, i));
        }
        from = i + 1;
      }
    }
    return parts;
  }

  @Override
  public void close() {
    new SystemCalls().close(descriptor);
  }
}
