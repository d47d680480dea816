package io.patina.collector.writers;

import com.google.protobuf.ByteString;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.SystemCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Looks up processes in {@code /proc}. For one thread, the one that reads the kernel's notices: the
 * sooner a process is looked up, the likelier it still runs.
 */
public final class Processes {
  /** How much is asked about a writer. */
  public enum Detail {
    /** Nothing: every writer is unknown. */
    OFF,
    /** The process and where it belongs. */
    PROCESS,
    /** And the login uid, which names a person. */
    PERSON
  }

  /** A burst by one process costs one look; short, because the program in it may be replaced. */
  private static final Duration FRESH = Duration.ofMillis(250);

  /**
   * Of a process that has ended since it was looked at, that is what is known; short, because its
   * number may be another's some day.
   */
  private static final Duration REMEMBERED = Duration.ofSeconds(5);

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");
  private static final int MOST = 256;
  private static final int READ_BYTES = 4096;

  /** {@code (uid_t) -1}: no login. */
  private static final long NO_LOGIN = 0xffffffffL;

  private record Looked(Writer writer, long at) {}

  private final LongSupplier nanoTime;
  private final String proc;
  private final Detail detail;
  private final Pods pods;
  private final Containers containers;
  private final SystemCalls calls = new SystemCalls();
  private final byte[] buffer = new byte[READ_BYTES];
  private final Map<Integer, Looked> known = new LinkedHashMap<>();

  /**
   * @param proc usually {@code /proc}
   * @param root of the host's file system, where container runtimes keep what they know
   */
  public Processes(String proc, Detail detail, Path root) {
    this(proc, detail, root, System::nanoTime);
  }

  Processes(String proc, Detail detail, Path root, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.proc = proc;
    this.detail = detail;
    this.pods = new Pods(root.resolve("var/log/pods"));
    this.containers = new Containers(root);
  }

  /**
   * What is known of a process.
   *
   * @param pid 0 where the kernel names none that exists in this pid namespace
   */
  public Writer writer(int pid) {
    if (detail == Detail.OFF || pid <= 0) {
      return Writer.UNKNOWN;
    }
    long now = nanoTime.getAsLong();
    Looked before = known.get(pid);
    if (before != null && now - before.at() < FRESH.toNanos()) {
      return before.writer();
    }
    Writer writer = look(pid);
    if (!writer.isKnown() && before != null && now - before.at() < REMEMBERED.toNanos()) {
      return before.writer();
    }
    known.remove(pid);
    known.put(pid, new Looked(writer, now));
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
    return writer;
  }

  private Writer look(int pid) {
    String base = proc + "/" + pid + "/";
    ByteString command = read(base + "comm");
    if (command.isEmpty()) {
      return Writer.UNKNOWN;
    }
    int newline = command.size() - 1;
    if (command.byteAt(newline) == '\n') {
      command = command.substring(0, newline);
    }
    // A process without a program is a kernel thread; one whose program may not be seen, too.
    ByteString executable = link(base + "exe");
    ControlGroupText.Place place =
        ControlGroupText.parse(read(base + "cgroup").toString(StandardCharsets.ISO_8859_1));
    OptionalLong login =
        detail == Detail.PERSON ? login(read(base + "loginuid")) : OptionalLong.empty();
    ByteString root = link(base + "root");
    Containers.Container container = containers.of(place.container());
    boolean contained = !place.container().isEmpty() || !place.pod().isEmpty();
    return new Writer(
        pid,
        command,
        executable,
        place.unit(),
        place.container(),
        login,
        pods.name(place.pod()),
        root.equals(SLASH) ? ByteString.EMPTY : root,
        ProcessText.script(executable, read(base + "cmdline")),
        ancestors(read(base + "stat")),
        container.name(),
        container.image(),
        contained && isInMountsOfInit(base));
  }

  private boolean isInMountsOfInit(String base) {
    ByteString own = link(base + "ns/mnt");
    return !own.isEmpty() && own.equals(link(proc + "/1/ns/mnt"));
  }

  private ByteString link(String path) {
    int length = calls.readLink(SystemCalls.WORKING_DIRECTORY, ascii(path));
    return length > 0 ? ByteString.copyFrom(calls.taken(length)) : ByteString.EMPTY;
  }

  /** The parent first; what has ended meanwhile ends the list. */
  private List<ByteString> ancestors(ByteString stat) {
    List<ByteString> names = new ArrayList<>();
    int parent = ProcessText.parent(stat);
    while (parent > 1 && names.size() < Writer.MOST_ANCESTORS) {
      String base = proc + "/" + parent + "/";
      ByteString text = read(base + "stat");
      ByteString command = ProcessText.command(text);
      if (command.isEmpty()) {
        break;
      }
      ByteString script = ProcessText.script(command, read(base + "cmdline"));
      names.add(script.isEmpty() ? command : ProcessText.last(script));
      parent = ProcessText.parent(text);
    }
    return names;
  }

  static OptionalLong login(ByteString text) {
    String digits = text.toString(StandardCharsets.ISO_8859_1).strip();
    if (!digits.matches("[0-9]{1,10}")) {
      return OptionalLong.empty();
    }
    long uid = Long.parseLong(digits);
    return uid == NO_LOGIN ? OptionalLong.empty() : OptionalLong.of(uid);
  }

  /** The beginning of a file; empty if there is none, which is how a process that ended looks. */
  private ByteString read(String path) {
    int file = calls.open(SystemCalls.WORKING_DIRECTORY, ascii(path), Open.READ);
    if (file < 0) {
      return ByteString.EMPTY;
    }
    try {
      int bytes = calls.read(file, buffer, READ_BYTES);
      return bytes <= 0 ? ByteString.EMPTY : ByteString.copyFrom(buffer, 0, bytes);
    } finally {
      calls.close(file);
    }
  }

  private static byte[] ascii(String path) {
    return path.getBytes(StandardCharsets.ISO_8859_1);
  }
}
