package io.patina.endtoend.hosts;

import io.patina.endtoend.line.Await;
import io.patina.stack.line.ProcessRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One Debian host that has booted: its own systemd, processes, network, host name and files.
 *
 * <p>Closing it stops exactly what it started and removes mounts, namespace, control group and
 * files. Not thread-safe.
 */
public final class DebianHost implements AutoCloseable {

  private static final Duration BOOT = Duration.ofSeconds(60);
  private static final Duration SHUTDOWN = Duration.ofSeconds(30);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;
  private final Path directory;
  private final Path root;
  private final List<Undo> undo = new ArrayList<>();
  private final Thread onExit = new Thread(this::closeOnExit);
  private NetworkNamespace network;
  private long leader;

  private interface Undo {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Boots a host.
   *
   * @param directory holds what the host writes; made here, removed on close
   * @param shown directories of this machine, shown read-only inside: path inside to path here
   * @param shared likewise, but inside they can be written to
   */
  public DebianHost(Path directory, Map<Path, Path> shown, Map<Path, Path> shared)
      throws IOException, InterruptedException {
    this(directory, shown, shared, false);
  }

  /**
   * The same.
   *
   * @param tools whether Ansible, a container runtime and an editor are installed on it
   */
  @SuppressWarnings("NullAway.Init") // boot() sets network and leader, or this throws
  DebianHost(Path directory, Map<Path, Path> shown, Map<Path, Path> shared, boolean tools)
      throws IOException, InterruptedException {
    this.name = "patina" + ProcessHandle.current().pid() + "x" + COUNT.incrementAndGet();
    this.directory = directory.toAbsolutePath().resolve(name);
    this.root = this.directory.resolve("root");
    Runtime.getRuntime().addShutdownHook(onExit);
    try {
      boot(shown, shared, tools);
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      try {
        close();
      } catch (IOException | RuntimeException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private void boot(Map<Path, Path> shown, Map<Path, Path> shared, boolean tools)
      throws IOException, InterruptedException {
    String lower =
        tools
            ? DebianRoot.tools() + ":" + DebianRoot.directory()
            : DebianRoot.directory().toString();
    undo.add(() -> Shell.must("rm", "-rf", "--one-file-system", directory.toString()));
    // Without these two the kernel refuses a fanotify mark on the whole file system.
    Overlay overlay = Overlay.over(lower, directory, "index=on,nfs_export=on");
    undo.add(overlay::close);
    Files.writeString(root.resolve("etc/hostname"), name + "\n");
    Files.writeString(
        root.resolve("etc/machine-id"), UUID.randomUUID().toString().replace("-", "") + "\n");
    network = NetworkNamespace.create(name);
    undo.add(network::remove);
    ControlGroup group = ControlGroup.create(name);
    undo.add(group::remove);

    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", group.enter() + " && exec \"$@\"", "sh"));
    command.addAll(
        List.of(
            "systemd-nspawn",
            "--quiet",
            "--directory=" + root,
            "--machine=" + name,
            "--boot",
            "--register=no",
            "--keep-unit",
            "--network-namespace-path=" + network.path(),
            "--resolv-conf=off",
            "--timezone=off",
            "--link-journal=no",
            "--console=pipe",
            "--system-call-filter=fanotify_init fanotify_mark open_by_handle_at name_to_handle_at"));
    shown.forEach((inside, here) -> command.add("--bind-ro=" + here + ":" + inside));
    shared.forEach((inside, here) -> command.add("--bind=" + here + ":" + inside));
    Path log = directory.resolve("console.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(log.toFile());
    builder.environment().put("SYSTEMD_NSPAWN_UNIFIED_HIERARCHY", "0");
    Process nspawn = builder.start();
    undo.add(() -> end(nspawn));
    leader =
        Await.value(
            "nspawn has started process 1 of " + name,
            BOOT,
            () -> {
              if (!nspawn.isAlive()) {
                throw new IOException("nspawn ended: " + Files.readString(log));
              }
              return nspawn.descendants().map(ProcessHandle::pid).filter(this::isInit).findFirst();
            });
    Await.until(
        "systemd of " + name + " has booted",
        BOOT,
        () -> {
          String state = exec("systemctl", "is-system-running").output().strip();
          return state.equals("running") || state.equals("degraded");
        });
  }

  private boolean isInit(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
          .anyMatch(line -> line.matches("NSpid:\\s.*\\s1"));
    } catch (IOException e) {
      // It has ended since it was listed.
      return false;
    }
  }

  /** The host's files as seen from outside. */
  public Path root() {
    return root;
  }

  /** Its host name and machine name. */
  public String name() {
    return name;
  }

  /** Runs a program inside to its end. */
  private Shell.Ended exec(String... program) throws IOException, InterruptedException {
    return Shell.run(inside(Arrays.asList(program)));
  }

  /**
   * Runs a program inside that must succeed.
   *
   * @return its output
   */
  public String run(String... program) throws IOException, InterruptedException {
    return Shell.must(inside(Arrays.asList(program)).toArray(String[]::new));
  }

  /** Tells its systemd to reboot, and does not wait: afterwards nothing can be run inside. */
  public void reboot() throws IOException, InterruptedException {
    String unused = run("systemctl", "--no-block", "reboot");
  }

  /** The command that runs a program inside, without waiting for anything. */
  public List<String> inside(List<String> program) {
    List<String> command =
        new ArrayList<>(
            List.of("nsenter", "-t", String.valueOf(leader), "-m", "-u", "-i", "-n", "-p", "--"));
    command.addAll(program);
    return command;
  }

  /**
   * Sets a sysctl of the host's own network. From outside: inside a container {@code /proc/sys} is
   * read-only, and what belongs to the network namespace is the same either way.
   */
  public void networkSetting(String name, String value) throws IOException, InterruptedException {
    String unused =
        Shell.must("nsenter", "--net=" + network.path(), "--", "sysctl", "-w", name + "=" + value);
  }

  /** Lets programs inside reach this port of this machine's loopback, under the same number. */
  public Doorway doorway(int port) throws IOException, InterruptedException {
    Doorway doorway = Doorway.open(network.path(), port);
    undo.add(doorway::close);
    return doorway;
  }

  /** A test JVM that is told to end must not leave a host behind. */
  private void closeOnExit() {
    try {
      undoAll();
    } catch (IOException e) {
      System.err.println("left behind of " + name + ": " + e.getMessage());
    }
  }

  private static void end(Process nspawn) throws IOException, InterruptedException {
    List<ProcessHandle> inside = nspawn.descendants().toList();
    Optional<ProcessRecord> record = ProcessRecord.of(nspawn.pid());
    if (record.isPresent()) {
      record.get().signal("TERM");
      if (!record.get().awaitEnd(SHUTDOWN)) {
        // Process 1 of the host takes all its processes with it.
        inside.forEach(ProcessHandle::destroyForcibly);
        record.get().signal("KILL");
      }
    }
    int unused = nspawn.waitFor();
  }

  /**
   * Undoes everything in the opposite order; what fails does not keep the rest from being undone.
   */
  @Override
  public void close() throws IOException {
    boolean unused = Runtime.getRuntime().removeShutdownHook(onExit);
    undoAll();
  }

  private synchronized void undoAll() throws IOException {
    IOException failed = null;
    for (Undo each : undo.reversed()) {
      try {
        each.run();
      } catch (IOException e) {
        failed = collect(failed, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failed = collect(failed, new IOException("interrupted while cleaning up", e));
      }
    }
    undo.clear();
    if (failed != null) {
      throw failed;
    }
  }

  private static IOException collect(
      @org.jspecify.annotations.Nullable IOException all, IOException next) {
    if (all == null) {
      return next;
    }
    all.addSuppressed(next);
    return all;
  }
}
