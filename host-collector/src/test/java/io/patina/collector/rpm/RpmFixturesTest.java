package io.patina.collector.rpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.RootFiles;
import io.patina.collector.inventory.InstalledPackage;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Kind;
import io.patina.collector.inventory.Unreadable;
import io.patina.facts.Gap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases of real distributions, where the fixtures are beside the checkout. */
class RpmFixturesTest {

  @TempDir Path root;

  @Test
  void readsTheHeaderOfARealPackage() throws Exception {
    byte[] blob = Files.readAllBytes(fixture("header-blob.bin"));

    InstalledPackage known = RpmDatabase.identify(RpmHeader.parse(blob));

    assertTrue(known.version().contains("-"), known::toString);
    assertTrue(!known.name().isEmpty());
  }

  @Test
  void readsAWholeSqliteDatabaseInWalMode() throws Exception {
    Path home = Files.createDirectories(root.resolve("var/lib/rpm"));
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(fixture("rpmdb-cbl-mariner-2.0.sqlite.gz")))) {
      Files.copy(in, home.resolve("rpmdb.sqlite"));
    }

    List<InstalledPackage> packages = packages();
    List<ShippedPath> paths = paths();

    assertTrue(packages.size() > 50, () -> "found " + packages.size());
    assertTrue(packages.stream().anyMatch(p -> p.name().equals("glibc")));
    assertTrue(packages.stream().noneMatch(p -> p.name().equals("gpg-pubkey")));
    assertTrue(packages.stream().allMatch(p -> p.header().isPresent()));
    assertTrue(paths.stream().anyMatch(p -> p.kind() == Kind.FILE && p.digest() != null));
    assertTrue(paths.stream().anyMatch(p -> p.kind() == Kind.LINK && p.target() != null));
    assertEquals(
        List.of("rpmdb.sqlite"), names(home), "reading must leave nothing beside the database");
  }

  @Test
  void readsTheNdbDatabaseOfSuse() throws Exception {
    Path home = Files.createDirectories(root.resolve("usr/lib/sysimage/rpm"));
    Files.copy(fixture("ndb-sle15-bci/Packages.db"), home.resolve("Packages.db"));

    List<InstalledPackage> packages = packages();

    assertTrue(packages.size() > 30, () -> "found " + packages.size());
    assertTrue(packages.stream().anyMatch(p -> p.name().equals("glibc")));
    assertTrue(
        packages.stream().allMatch(p -> p.vendor().orElse("").contains("SUSE")),
        packages::toString);
    assertTrue(paths().size() > 1000);
  }

  @Test
  void saysThatBerkeleyDbIsNotReadInsteadOfFindingNothing() throws Exception {
    Path home = Files.createDirectories(root.resolve("var/lib/rpm"));
    Files.copy(fixture("bdb-libuuid/Packages"), home.resolve("Packages"));
    RpmDatabase database = RpmDatabase.in(files()).getFirst();

    List<Unreadable> unreadable = database.packages(_ -> {});

    assertEquals(List.of(Gap.UNSUPPORTED), unreadable.stream().map(Unreadable::reason).toList());
  }

  private RootFiles files() {
    return switch (RootDirectory.open(root.toString())) {
      case RootDirectory.Opening.Ready ready -> new RootFiles(ready.root());
      case RootDirectory.Opening.Refused refused -> throw new AssertionError(refused);
    };
  }

  private List<InstalledPackage> packages() {
    List<InstalledPackage> found = new ArrayList<>();
    for (RpmDatabase database : RpmDatabase.in(files())) {
      assertEquals(List.of(), database.packages(found::add));
    }
    return found;
  }

  private List<ShippedPath> paths() {
    List<ShippedPath> found = new ArrayList<>();
    for (RpmDatabase database : RpmDatabase.in(files())) {
      assertEquals(List.of(), database.paths(found::add));
    }
    return found;
  }

  private static List<String> names(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private static Path fixture(String name) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path path = at.resolve("shared/fixtures/rpm").resolve(name);
      if (Files.exists(path)) {
        return path;
      }
    }
    return abort("the fixtures are not beside the checkout");
  }
}
