package io.patina.collector.dpkg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.RootFiles;
import io.patina.collector.inventory.InstalledPackage;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Kind;
import io.patina.collector.inventory.ShippedPath.Trait;
import io.patina.collector.inventory.Unreadable;
import io.patina.facts.Gap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database made of files, read from a root on disk. */
class DpkgDatabaseTest {

  private static final String MD5 = "89269e1298235f1b12b4c16e4065ad0d";

  @TempDir Path root;

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private DpkgDatabase database() {
    return switch (RootDirectory.open(root.toString())) {
      case RootDirectory.Opening.Ready ready ->
          DpkgDatabase.in(new RootFiles(ready.root())).orElseThrow();
      case RootDirectory.Opening.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  private Map<String, ShippedPath> paths(List<Unreadable> unreadable) {
    Map<String, ShippedPath> found = new LinkedHashMap<>();
    unreadable.addAll(database().paths(p -> found.put(p.path().toStringUtf8(), p)));
    return found;
  }

  private void merged() throws IOException {
    Files.createDirectories(root.resolve("usr/bin"));
    Files.createSymbolicLink(root.resolve("bin"), Path.of("usr/bin"));
    write(
        "var/lib/dpkg/status",
        """
        Package: dash
        Status: install ok installed
        Architecture: amd64
        Version: 0.5
        Conffiles:
         /etc/dash.conf %1$s
         /etc/dropped.conf %1$s obsolete

        Package: bash
        Status: install ok unpacked
        Architecture: amd64
        Version: 5
        Multi-Arch: same

        Package: lost
        Status: install ok installed
        Architecture: all
        Version: 1

        Package: gone
        Status: deinstall ok config-files
        Architecture: all
        Version: 1
        Conffiles:
         /etc/gone.conf %1$s
        """
            .formatted(MD5));
    write(
        "var/lib/dpkg/info/dash.list",
        "/.\n/bin\n/bin/sh\n/bin/dash\n/etc\n/etc/dash.conf\n/usr/share/doc/dash/README\n");
    write(
        "var/lib/dpkg/info/dash.md5sums",
        MD5 + "  bin/dash\n" + MD5 + "  usr/share/doc/dash/README\n");
    write("var/lib/dpkg/info/bash:amd64.list", "/.\n/bin\n/bin/sh\n/bin/bash\n");
    write("var/lib/dpkg/info/bash:amd64.md5sums", MD5 + "  bin/sh\n" + MD5 + "  bin/bash\n");
    write("var/lib/dpkg/diversions", "/bin/sh\n/bin/sh.distrib\ndash\n");
    write("var/lib/dpkg/statoverride", "root daemon 4750 /bin/dash\n");
    write("etc/dpkg/dpkg.cfg.d/docs", "path-exclude=/usr/share/doc/*\n");
    write("etc/group", "daemon:x:1:\n");
  }

  @Test
  void placesEveryPathWhereItReallyLies() throws Exception {
    merged();

    Map<String, ShippedPath> paths = paths(new ArrayList<>());

    ShippedPath diverted = Optional.ofNullable(paths.get("/usr/bin/sh.distrib")).orElseThrow();
    assertEquals("dpkg:bash:amd64", diverted.owner());
    assertEquals(Kind.UNSTATED, Optional.ofNullable(paths.get("/usr/bin/sh")).orElseThrow().kind());
    ShippedPath dash = Optional.ofNullable(paths.get("/usr/bin/dash")).orElseThrow();
    assertEquals(04750, dash.mode());
    assertEquals(0L, dash.uid());
    assertEquals(1L, dash.gid());
    assertEquals(Kind.DIRECTORY, Optional.ofNullable(paths.get("/bin")).orElseThrow().kind());
    assertTrue(
        Optional.ofNullable(paths.get("/usr/share/doc/dash/README"))
            .orElseThrow()
            .has(Trait.OPTIONAL));
    for (String leftover : List.of("/etc/gone.conf", "/etc/dropped.conf")) {
      ShippedPath conffile = Optional.ofNullable(paths.get(leftover)).orElseThrow();
      assertTrue(conffile.has(Trait.OPTIONAL) && conffile.has(Trait.CONFIG));
    }
  }

  @Test
  void aMissingListIsToldAndTheOthersCount() throws Exception {
    merged();
    List<Unreadable> unreadable = new ArrayList<>();

    assertTrue(paths(unreadable).size() > 8);

    assertEquals(
        List.of("dpkg:lost:all " + Gap.UNAVAILABLE),
        unreadable.stream().map(u -> u.source() + " " + u.reason()).toList());
  }

  @Test
  void theJournalReplacesTheStatusFile() throws Exception {
    merged();
    write(
        "var/lib/dpkg/updates/0001",
        "Package: dash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 0.6\n");
    write("var/lib/dpkg/updates/tmp.i", "half a stanza");
    List<InstalledPackage> packages = new ArrayList<>();

    assertEquals(List.of(), database().packages(packages::add));

    assertEquals(
        List.of("dash 0.6", "bash 5", "lost 1"),
        packages.stream().map(p -> p.name() + " " + p.version()).toList());
  }

  @Test
  void distrolessStanzasWithTheirSums() throws Exception {
    write("var/lib/dpkg/status.d/base", "Package: base\nVersion: 12\nArchitecture: amd64\n");
    write("var/lib/dpkg/status.d/base.md5sums", MD5 + "  ./usr/lib/os-release\n");
    List<InstalledPackage> packages = new ArrayList<>();

    assertEquals(List.of(), database().packages(packages::add));
    Map<String, ShippedPath> paths = paths(new ArrayList<>());

    assertEquals(List.of("dpkg:base:amd64"), packages.stream().map(InstalledPackage::key).toList());
    assertEquals(List.of("/usr/lib/os-release"), List.copyOf(paths.keySet()));
  }
}
