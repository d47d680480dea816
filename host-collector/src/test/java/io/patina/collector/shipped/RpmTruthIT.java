package io.patina.collector.shipped;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.patina.comparison.Difference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real packages, built by rpmbuild and installed by rpm into a root of its own: as shipped it has
 * no deviation, and every change that {@code rpm -Va} sees is found.
 */
class RpmTruthIT {

  private static final String DATABASE = "/usr/lib/sysimage/rpm";

  private static final String SPEC =
      """
      Name: filesystem
      Version: 3
      Release: 1
      Summary: directories
      License: none
      %description
      Directories and the links of a merged usr.
      %install
      mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/lib64 %{buildroot}/usr/share/doc \\
        %{buildroot}/etc %{buildroot}/boot %{buildroot}/usr/lib/sysimage
      ln -s usr/bin %{buildroot}/bin
      ln -s usr/lib64 %{buildroot}/lib64
      echo 'root:x:0:0:root:/root:/bin/sh' > %{buildroot}/etc/passwd
      echo 'daemon:x:2:2:daemon:/sbin:/bin/false' >> %{buildroot}/etc/passwd
      printf 'root:x:0:\\ndaemon:x:2:\\n' > %{buildroot}/etc/group
      %files
      %dir /usr
      %dir /usr/bin
      %dir /usr/lib64
      %dir /usr/lib
      %dir /usr/lib/sysimage
      %dir /usr/share
      %dir /usr/share/doc
      %dir /etc
      %dir /boot
      /bin
      /lib64
      %verify(not md5 size mtime) %config(noreplace) /etc/passwd
      %verify(not md5 size mtime) %config(noreplace) /etc/group

      %package -n sample
      Epoch: 2
      Version: 1.0
      Summary: a sample
      %description -n sample
      One of each kind.
      %files -n sample
      /usr/bin/sample
      /usr/bin/other
      %attr(4755,root,root) /usr/bin/setuid
      %attr(0755,root,root) %caps(cap_net_raw=ep) /usr/bin/capable
      /usr/bin/link
      %attr(0640,daemon,daemon) /usr/share/owned
      %dir %attr(1777,root,root) /usr/share/sticky
      %config(noreplace) /etc/sample.conf
      %config(missingok) /etc/optional.conf
      %ghost /etc/sample.state
      %ghost %attr(0600,root,root) /etc/never.made
      %doc /usr/share/doc/sample/README
      "/usr/share/doc/sample/name with space"
      /usr/share/doc/sample/gr\u00fc\u00df
      """;

  private static final String INSTALL =
      """
      mkdir -p %{buildroot}/usr/share/sticky %{buildroot}/usr/share/doc/sample
      for f in sample other setuid capable; do echo $f > %{buildroot}/usr/bin/$f; done
      chmod 755 %{buildroot}/usr/bin/*
      ln -s sample %{buildroot}/usr/bin/link
      echo owned > %{buildroot}/usr/share/owned
      for f in sample.conf optional.conf sample.state never.made; do
        echo $f > %{buildroot}/etc/$f
      done
      echo read me > %{buildroot}/usr/share/doc/sample/README
      echo space > "%{buildroot}/usr/share/doc/sample/name with space"
      echo umlaut > %{buildroot}/usr/share/doc/sample/gr\u00fc\u00df
      """;

  @TempDir Path directory;

  private Path root = Path.of("/");

  @BeforeEach
  void installRealPackages() throws Exception {
    assumeTrue(Programs.present("rpmbuild") && Programs.present("rpm"), "rpm is not installed");
    assumeTrue(Programs.isRoot(), "only root can install packages that are owned by root");
    root = directory.resolve("root");
    Files.createDirectories(root.resolve("usr/lib/sysimage/rpm"));
    Path spec = directory.resolve("sample.spec");
    Files.writeString(spec, SPEC.replace("%files\n%dir /usr\n", INSTALL + "%files\n%dir /usr\n"));
    Programs.must(
        "rpmbuild",
        "--quiet",
        "-bb",
        "--define",
        "_topdir " + directory.resolve("build"),
        "--define",
        "_build_id_links none",
        "--define",
        "debug_package %{nil}",
        spec.toString());
    install("filesystem-3-1");
    install("sample-1.0-1");
    Files.writeString(root.resolve("etc/sample.state"), "made at run time");
  }

  private void install(String name) throws Exception {
    try (var files = Files.walk(directory.resolve("build/RPMS"))) {
      Path file =
          files.filter(p -> p.getFileName().toString().startsWith(name)).findFirst().orElseThrow();
      Programs.must(
          "rpm",
          "--root",
          root.toString(),
          "--dbpath",
          DATABASE,
          "--nodeps",
          "--ignorearch",
          "--ignoreos",
          "-i",
          file.toString());
    }
  }

  @Test
  void aPristineRootHasNoDeviation() {
    Observing.Outcome outcome = Observing.check(root);

    assertEquals(List.of(), outcome.lines());
    assertEquals(List.of(), outcome.unproven());
    assertEquals(List.of(), outcome.shipped().unreadable());
    assertEquals(Set.of(), rpmVerify());
    assertTrue(outcome.shipped().manifest().size() > 20);
  }

  @Test
  void anEditedBinaryADroppedFileAndAnEditedConfigAreExactlyThree() throws Exception {
    Files.writeString(root.resolve("usr/bin/sample"), "SAMPLE\n");
    Files.writeString(root.resolve("usr/bin/dropped"), "x");
    Files.writeString(root.resolve("etc/sample.conf"), "edited\n");

    Observing.Outcome outcome = Observing.check(root);

    assertEquals(
        List.of(
            "changed /etc/sample.conf", "unexpected /usr/bin/dropped", "changed /usr/bin/sample"),
        outcome.lines());
    Difference binary = outcome.differences().get(2);
    assertTrue(binary.owner().orElse("").startsWith("rpm:sample:"));
    assertTrue(binary.expected().values().containsKey("sha256"));
  }

  @Test
  void whatRpmVerifySeesIsFound() throws Exception {
    Programs.must("chmod", "u-s", root.resolve("usr/bin/setuid").toString());
    Programs.must("chown", "0:0", root.resolve("usr/share/owned").toString());
    Programs.must("ln", "-sfn", "other", root.resolve("usr/bin/link").toString());
    Programs.must("chmod", "0755", root.resolve("usr/share/sticky").toString());
    Files.delete(root.resolve("usr/bin/other"));
    Files.delete(root.resolve("etc/optional.conf"));
    Files.delete(root.resolve("usr/share/doc/sample/name with space"));
    Files.writeString(root.resolve("usr/share/doc/sample/gr\u00fc\u00df"), "other\n");
    Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/:\ndaemon:x:2:2::/:\n");

    TreeSet<String> found = new TreeSet<>();
    Observing.check(root).differences().forEach(d -> found.add(d.key().displayName()));

    assertEquals(rpmVerify(), found);
    assertTrue(found.contains("/usr/share/owned"), found::toString);
  }

  /** Paths of which {@code rpm -Va} says more than that their time differs. */
  private Set<String> rpmVerify() {
    TreeSet<String> paths = new TreeSet<>();
    List<String> lines = new ArrayList<>(verify().lines().toList());
    for (String line : lines) {
      boolean optional = line.startsWith("missing") && line.contains("optional.conf");
      if (line.contains("/") && !optional && !line.startsWith(".......T.")) {
        paths.add(line.substring(line.indexOf('/')));
      }
    }
    return paths;
  }

  private String verify() {
    return new String(
        Programs.run(
                List.of("rpm", "--root", root.toString(), "--dbpath", DATABASE, "-Va", "--nodeps"))
            .output()
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
        java.nio.charset.StandardCharsets.UTF_8);
  }
}
