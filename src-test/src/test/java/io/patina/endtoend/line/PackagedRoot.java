package io.patina.endtoend.line;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A small root directory with a dpkg database of its own: one package that ships programs and a
 * conffile. What the collector finds there is known to the byte.
 */
public final class PackagedRoot {

  private static final int PROGRAMS = 20;

  private final Path root;

  private PackagedRoot(Path root) {
    this.root = root;
  }

  /** Makes the root below this directory, which must be empty or missing. */
  public static PackagedRoot create(Path root) throws IOException {
    PackagedRoot made = new PackagedRoot(root);
    for (String directory :
        List.of(
            "usr/bin",
            "etc",
            "var/lib/dpkg/info",
            "var/lib/dpkg/updates",
            "proc",
            "sys",
            "dev",
            "run",
            "tmp")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.writeString(
        root.resolve("etc/os-release"),
        "PRETTY_NAME=\"Small Linux 1\"\nID=small\nVERSION_ID=\"1\"\n");
    Files.writeString(root.resolve("etc/machine-id"), "0123456789abcdef0123456789abcdef\n");
    made.ship("1.0-1");
    return made;
  }

  /** Writes the package's files and its database entry, as an upgrade to this version does. */
  public void ship(String version) throws IOException {
    List<String> list = new ArrayList<>(List.of("/.", "/usr", "/usr/bin", "/etc"));
    StringBuilder sums = new StringBuilder();
    for (int i = 0; i < PROGRAMS; i++) {
      Path program = program(i);
      Files.writeString(program, content(i, version));
      list.add("/usr/bin/" + program.getFileName());
      sums.append(md5(content(i, version)))
          .append("  usr/bin/")
          .append(program.getFileName())
          .append('\n');
    }
    String configuration = "level = 1\n";
    Files.writeString(conffile(), configuration);
    list.add("/etc/small.conf");
    list.add("/etc/os-release");
    list.add("/etc/machine-id");
    Path info = root.resolve("var/lib/dpkg/info");
    Files.writeString(info.resolve("small.list"), String.join("\n", list) + "\n");
    Files.writeString(info.resolve("small.md5sums"), sums.toString());
    Files.writeString(info.resolve("small.conffiles"), "/etc/small.conf\n");
    Path status = root.resolve("var/lib/dpkg/status");
    Path fresh = status.resolveSibling("status-new");
    Files.writeString(
        fresh,
        """
        Package: small
        Status: install ok installed
        Priority: optional
        Section: misc
        Maintainer: Nobody <nobody@example.org>
        Architecture: amd64
        Version: %s
        Conffiles:
         /etc/small.conf %s
        Description: a small package

        """
            .formatted(version, md5(configuration)));
    // As dpkg does: beside it, then renamed over it.
    Files.move(
        fresh,
        status,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  public Path path() {
    return root;
  }

  public Path program(int number) {
    return root.resolve(String.format(Locale.ROOT, "usr/bin/program-%02d", number));
  }

  public Path conffile() {
    return root.resolve("etc/small.conf");
  }

  /** What program {@code number} holds in that version. */
  public static String content(int number, String version) {
    return "#!/bin/sh\necho program " + number + " of " + version + "\n";
  }

  private static String md5(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(content.getBytes(StandardCharsets.UTF_8));
      return String.format(Locale.ROOT, "%032x", new BigInteger(1, digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
