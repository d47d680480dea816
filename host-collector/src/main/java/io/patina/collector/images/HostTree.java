package io.patina.collector.images;

import io.patina.collector.capture.Capture;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.RootFiles;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.packages.PackageDatabases;
import io.patina.collector.shipped.AsShipped;
import io.patina.collector.syscalls.Errno;
import io.patina.facts.Attributes;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.manifest.Manifest;
import io.patina.scope.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A tree of files on this machine, as it is or as its package database says that it was. */
public final class HostTree {
  private static final List<String> CANNOT_KNOW =
      List.of("what only a running system has: kernel, mounts, the state of units");

  private HostTree() {}

  /**
   * Captures a tree.
   *
   * @throws InvalidImportException if it cannot be opened
   */
  public static Imported read(Path source, Optional<String> select, Scope scope, Limits limits)
      throws InvalidImportException {
    none(select);
    try (RootDirectory root = open(source)) {
      return new Imported(observe(root, scope), CANNOT_KNOW, List.of());
    }
  }

  /**
   * What the package databases in a tree state of its files.
   *
   * @throws InvalidImportException if it cannot be opened or has no package database
   */
  public static Imported asShipped(Path source, Optional<String> select, Scope scope, Limits limits)
      throws InvalidImportException {
    none(select);
    try (RootDirectory root = open(source)) {
      RootFiles files = new RootFiles(root);
      if (PackageDatabases.in(files).databases().isEmpty()) {
        throw new InvalidImportException("there is no dpkg or rpm database in it");
      }
      // dpkg records MD5 only: a file is stated by the SHA-256 that was read with the right MD5.
      AsShipped shipped =
          AsShipped.of(files, observe(root, scope.withAttribute(Attributes.MD5)), scope);
      return new Imported(
          shipped.manifest(),
          List.of(
              "files that no package owns",
              "content of files that are not as shipped now, where only their MD5 is recorded"),
          shipped.unreadable().stream().map(u -> u.source() + ": " + u.detail()).toList());
    }
  }

  private static void none(Optional<String> select) throws InvalidImportException {
    if (select.isPresent()) {
      throw new InvalidImportException("--select chooses among several; here is one tree");
    }
  }

  private static Manifest observe(RootDirectory root, Scope scope) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Capture(root, scope, KnownVersions.NONE, cores, new WalkProgress()).run();
  }

  private static RootDirectory open(Path path) throws InvalidImportException {
    return switch (RootDirectory.open(path.toString())) {
      case RootDirectory.Opening.Ready ready -> ready.root();
      case RootDirectory.Opening.Refused refused ->
          throw new InvalidImportException(
              "it cannot be opened as a directory (" + Errno.name(refused.errno()) + ")");
    };
  }
}
