package io.patina.endtoend.hosts;

import com.google.protobuf.ByteString;
import io.patina.manifest.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pristine Debian 12 with systemd, as mmdebstrap makes it from the machine's own package sources.
 *
 * <p>Kept below the user's cache directory under the digest of what was asked for: about 25 s the
 * first time, nothing after that. Never written to: hosts are overlays over it.
 */
public final class DebianRoot {

  private static final String SUITE = "bookworm";
  private static final String PACKAGES = "systemd,systemd-sysv,dbus,iproute2,procps";

  /** Laid over it for hosts that are also managed, edited and run containers. */
  private static final String TOOLS = "ansible-core,crun,ed";

  /** What hosts need from the machine that runs them. */
  private static final List<String> PROGRAMS =
      List.of("mmdebstrap", "systemd-nspawn", "ip", "nsenter", "mount", "umount", "dpkg-deb");

  private DebianRoot() {}

  /** Why no host can be booted here, as a sentence; empty if one can. */
  public static Optional<String> obstacle() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("Booting Debian hosts needs root.");
    }
    List<String> missing = PROGRAMS.stream().filter(p -> !isHere(p)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("Booting Debian hosts needs " + String.join(", ", missing) + ".");
  }

  /** Whether this machine has a program. */
  static boolean isHere(String program) {
    return Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
        .anyMatch(d -> Files.isExecutable(Path.of(d, program)));
  }

  /** The same of hosts with tools; tries to make their root. */
  public static Optional<String> obstacleToTools() throws InterruptedException {
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      return obstacle;
    }
    try {
      Path unused = tools();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("A Debian host with " + TOOLS + " cannot be made: " + e.getMessage());
    }
  }

  /**
   * The root's directory, made if this is the first time.
   *
   * @throws IOException if mmdebstrap fails, with the end of what it said
   */
  static Path directory() throws IOException, InterruptedException {
    Path cache = cache();
    String name = SUITE + "-" + Digest.of(ByteString.copyFromUtf8(PACKAGES)).hex().substring(0, 12);
    Path root = cache.resolve(name);
    // Two builds on one machine must not make it twice at once.
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve(name + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!Files.isDirectory(root) && lock.isValid()) {
        Path partial = cache.resolve(name + ".partial");
        Shell.must("rm", "-rf", "--one-file-system", partial.toString());
        String unused =
            Shell.must(
                "mmdebstrap",
                "--quiet",
                "--mode=root",
                "--variant=minbase",
                "--include=" + PACKAGES,
                SUITE,
                partial.toString());
        Files.move(partial, root);
      }
    }
    return root;
  }

  /**
   * What Ansible, a container runtime and an editor put over the root, as the upper directory of an
   * overlay: about 10 s the first time, nothing after that.
   *
   * @throws IOException if apt-get fails, with the end of what it said
   */
  static Path tools() throws IOException, InterruptedException {
    Path base = directory();
    Path cache = cache();
    String name =
        base.getFileName() + "-" + Digest.of(ByteString.copyFromUtf8(TOOLS)).hex().substring(0, 12);
    Path tools = cache.resolve(name);
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve(name + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!Files.isDirectory(tools) && lock.isValid()) {
        Path partial = cache.resolve(name + ".partial");
        Shell.must("rm", "-rf", "--one-file-system", partial.toString());
        install(base, partial);
        Files.move(partial.resolve("upper"), tools);
        Shell.must("rm", "-rf", "--one-file-system", partial.toString());
      }
    }
    return tools;
  }

  private static void install(Path base, Path partial) throws IOException, InterruptedException {
    try (Overlay overlay = Overlay.over(base.toString(), partial, "")) {
      Path root = overlay.root();
      // This machine's apt works on that root, as mmdebstrap lets it: inside nothing is set up.
      List<String> apt =
          List.of(
              "env",
              "DEBIAN_FRONTEND=noninteractive",
              "apt-get",
              "--yes",
              "-o",
              "Dir=" + root,
              "-o",
              "Dir::State::status=" + root.resolve("var/lib/dpkg/status"),
              "-o",
              "DPkg::Chroot-Directory=" + root,
              "-o",
              "DPkg::Options::=--force-unsafe-io");
      String unused = Shell.must(with(apt, "update"));
      List<String> install = new ArrayList<>(List.of("install", "--no-install-recommends"));
      install.addAll(List.of(TOOLS.split(",", -1)));
      String unused2 = Shell.must(with(apt, install.toArray(String[]::new)));
      String unused3 = Shell.must(with(apt, "clean"));
      String unused4 = Shell.must("rm", "-rf", root.resolve("var/lib/apt/lists").toString());
    }
  }

  private static String[] with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static Path cache() throws IOException {
    return Files.createDirectories(
        Path.of(System.getProperty("user.home"), ".cache", "patina-test-hosts"));
  }
}
