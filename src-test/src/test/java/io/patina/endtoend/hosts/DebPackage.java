package io.patina.endtoend.hosts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Builds a small Debian package with dpkg-deb: one program, and md5sums as packages have them. */
public final class DebPackage {

  private DebPackage() {}

  /**
   * A package with many files, each of its own content in each version.
   *
   * @param files how many
   */
  public static Path buildLarge(Path directory, String name, String version, int files)
      throws IOException, InterruptedException {
    return buildLarge(directory, name, version, files, "");
  }

  /**
   * The same.
   *
   * @param postinst what the package's script does once it is configured; empty for no script
   */
  public static Path buildLarge(
      Path directory, String name, String version, int files, String postinst)
      throws IOException, InterruptedException {
    Path tree = directory.resolve(name + "-" + version);
    Files.createDirectories(tree.resolve("DEBIAN"));
    StringBuilder sums = new StringBuilder();
    for (int i = 0; i < files; i++) {
      String path =
          "usr/share/%s/part-%02d/file-%04d".formatted(name, i % Math.max(1, files / 100), i);
      Path file = tree.resolve(path);
      Files.createDirectories(file.getParent());
      byte[] content =
          (name + " " + version + " " + i + "\n")
              .repeat(20 + i % 100)
              .getBytes(StandardCharsets.UTF_8);
      Files.write(file, content);
      sums.append(md5(content)).append("  ").append(path).append('\n');
    }
    Files.writeString(
        tree.resolve("DEBIAN/control"),
        "Package: "
            + name
            + "\nVersion: "
            + version
            + "\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: many files\n");
    Files.writeString(tree.resolve("DEBIAN/md5sums"), sums.toString());
    if (!postinst.isEmpty()) {
      Path script = tree.resolve("DEBIAN/postinst");
      Files.writeString(script, "#!/bin/sh\nset -e\n" + postinst);
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Path file = directory.resolve(name + "_" + version + "_all.deb");
    String unused =
        Shell.must(
            "dpkg-deb",
            "--root-owner-group",
            "-Znone",
            "--build",
            tree.toString(),
            file.toString());
    return file;
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  /**
   * The package as a file.
   *
   * @param directory where it is built
   */
  public static Path build(Path directory, String name, String version)
      throws IOException, InterruptedException {
    Path tree = directory.resolve(name + "-" + version);
    Path program = tree.resolve("usr/bin").resolve(name);
    Files.createDirectories(program.getParent());
    Files.createDirectories(tree.resolve("DEBIAN"));
    Files.writeString(program, "#!/bin/sh\necho " + name + " " + version + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        tree.resolve("DEBIAN/control"),
        """
        Package: %s
        Version: %s
        Architecture: all
        Maintainer: Nobody <nobody@example.org>
        Description: a small package for tests
        """
            .formatted(name, version));
    String sum = Shell.must("md5sum", program.toString()).split(" ", -1)[0];
    Files.writeString(tree.resolve("DEBIAN/md5sums"), sum + "  usr/bin/" + name + "\n");
    Path file = directory.resolve(name + "_" + version + "_all.deb");
    String unused =
        Shell.must(
            "dpkg-deb",
            "--root-owner-group",
            "-Znone",
            "--build",
            tree.toString(),
            file.toString());
    return file;
  }
}
