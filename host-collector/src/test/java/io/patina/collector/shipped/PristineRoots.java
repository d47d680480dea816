package io.patina.collector.shipped;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Pristine Debian roots, made once by mmdebstrap and kept in the user's cache. Tests change a copy
 * whose files are hard links: they replace files and never write into them.
 */
public final class PristineRoots {

  private static final String SYSTEMD = "systemd,systemd-sysv,dbus,iproute2,procps";

  private PristineRoots() {}

  /** A minimal host with systemd. */
  public static Path systemd() {
    return bookworm("bookworm-systemd", SYSTEMD, List.of());
  }

  /** A host with daemons, locales, alternatives, statoverrides, ucf and filtered documentation. */
  static Path rich() {
    return bookworm(
        "bookworm-rich-filtered",
        SYSTEMD
            + ",ca-certificates,python3-minimal,vim-tiny,locales,openssh-server,cron,rsyslog,sudo"
            + ",libglib2.0-bin,shared-mime-info,man-db,less,iputils-ping,ssl-cert,xml-core,nano",
        List.of(
            "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-include=/usr/share/doc/*/copyright",
            "--dpkgopt=path-exclude=/usr/share/man/*"));
  }

  private static Path bookworm(String name, String include, List<String> options) {
    assumeTrue(Programs.present("mmdebstrap"), "mmdebstrap is not installed");
    assumeTrue(Programs.isRoot(), "only root can make a Debian root that is owned by root");
    String cache = System.getenv("XDG_CACHE_HOME");
    Path home = cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    Path root = home.resolve("patina-test-roots").resolve(name);
    if (Files.isDirectory(root)) {
      return root;
    }
    try {
      Files.createDirectories(root.getParent());
      Path making = Files.createTempDirectory(root.getParent(), name + ".making");
      List<String> command =
          new ArrayList<>(List.of("mmdebstrap", "-q", "--variant=minbase", "--include=" + include));
      command.addAll(options);
      command.addAll(List.of("bookworm", making.toString()));
      Programs.Ended ended = Programs.run(command);
      assumeTrue(
          ended.status() == 0, () -> "mmdebstrap could not make a root here: " + ended.output());
      Files.move(making, root, StandardCopyOption.ATOMIC_MOVE);
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy to change. */
  public static Path copy(Path root, Path directory) {
    Path copy = directory.resolve("root");
    Programs.must("cp", "-al", root.toString(), copy.toString());
    return copy;
  }
}
