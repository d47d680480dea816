package io.patina.endtoend.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Builds a small Debian package with dpkg-deb: one program, and md5sums as packages have them. */
public final class DebPackage {

  private DebPackage() {}

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
