package io.patina.stack.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs on disk, unpacked once from the archive on the class path. */
public final class PostgresBinaries {
  private final Path home;

  private PostgresBinaries(Path home) {
    this.home = home;
  }

  /**
   * Unpacks the programs below a directory unless they are there already.
   *
   * @param home where {@code bin/} and {@code share/} will be; appears whole or not at all
   * @throws IOException if there is no archive for this machine, or the directory cannot be written
   */
  public static PostgresBinaries unpack(Path home) throws IOException {
    if (!Files.isExecutable(home.resolve("bin/postgres"))) {
      Path partial = home.resolveSibling(home.getFileName() + ".partial");
      Trees.delete(partial);
      Trees.delete(home);
      Files.createDirectories(partial);
      try (InputStream archive = archive();
          TarArchiveInputStream tar =
              new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          write(partial, tar, entry);
        }
      }
      try {
        Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        throw new IOException("cannot rename " + partial + " to " + home, e);
      }
    }
    return new PostgresBinaries(home);
  }

  /** Absolute path of one program, for example {@code initdb}. */
  String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  private static InputStream archive() throws IOException {
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String name =
        switch (arch) {
          case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
          case "aarch64", "arm64" -> "postgres-linux-arm_64.txz";
          default -> "postgres-linux-" + arch + ".txz";
        };
    InputStream archive = PostgresBinaries.class.getClassLoader().getResourceAsStream(name);
    if (archive == null) {
      throw new IOException("no PostgreSQL for " + arch + " on the class path (" + name + ")");
    }
    return archive;
  }

  private static void write(Path root, InputStream content, TarArchiveEntry entry)
      throws IOException {
    Path target = root.resolve(entry.getName()).normalize();
    if (!target.startsWith(root)) {
      throw new IOException("the archive names a file outside itself: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
    } else if (entry.isSymbolicLink()) {
      Files.createDirectories(target.getParent());
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else if (entry.isFile()) {
      Files.createDirectories(target.getParent());
      Files.copy(content, target);
      Files.setPosixFilePermissions(target, permissions(entry.getMode()));
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = new HashSet<>();
    PosixFilePermission[] highestFirst = PosixFilePermission.values();
    for (int bit = 0; bit < 9; bit++) {
      if ((mode & (0400 >> bit)) != 0) {
        permissions.add(highestFirst[bit]);
      }
    }
    return permissions;
  }
}
