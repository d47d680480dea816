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

/**
 * A pristine Debian 12 with systemd, as mmdebstrap makes it from the machine's own package sources.
 *
 * <p>Kept below the user's cache directory under the digest of what was asked for: about 25 s the
 * first time, nothing after that. Never written to: hosts are overlays over it.
 */
public final class DebianRoot {

  private static final String SUITE = "bookworm";
  private static final String PACKAGES = "systemd,systemd-sysv,dbus,iproute2,procps";

  /** What hosts need from the machine that runs them. */
  private static final List<String> PROGRAMS =
      List.of("mmdebstrap", "systemd-nspawn", "ip", "nsenter", "mount", "umount", "dpkg-deb");

  private DebianRoot() {}

  /** Why no host can be booted here, as a sentence; empty if one can. */
  public static Optional<String> obstacle() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("Booting Debian hosts needs root.");
    }
    List<String> missing = new ArrayList<>();
    for (String program : PROGRAMS) {
      boolean found =
          List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin").stream()
              .anyMatch(d -> Files.isExecutable(Path.of(d, program)));
      if (!found) {
        missing.add(program);
      }
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("Booting Debian hosts needs " + String.join(", ", missing) + ".");
  }

  /**
   * The root's directory, made if this is the first time.
   *
   * @throws IOException if mmdebstrap fails, with the end of what it said
   */
  static Path directory() throws IOException, InterruptedException {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "patina-test-hosts");
    Files.createDirectories(cache);
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
}
