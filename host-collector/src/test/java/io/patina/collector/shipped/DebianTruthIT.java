package io.patina.collector.shipped;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.comparison.Difference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pristine Debian root has no deviation; each deviation made by hand is found, and no other. */
class DebianTruthIT {

  @TempDir Path directory;

  @Test
  void aPristineHostWithSystemdHasNoDeviation() {
    Observing.Outcome outcome = Observing.check(PristineRoots.systemd());

    assertEquals(List.of(), outcome.lines());
    assertEquals(List.of(), outcome.unproven());
    assertEquals(List.of(), outcome.shipped().unreadable());
    assertTrue(outcome.shipped().manifest().size() > 5000);
  }

  @Test
  void aPristineHostWithDaemonsAndFilteredDocumentationHasNoDeviation() {
    Observing.Outcome outcome = Observing.check(PristineRoots.rich());

    assertEquals(List.of(), outcome.lines());
    assertEquals(List.of(), outcome.unproven());
    assertEquals(List.of(), outcome.shipped().unreadable());
  }

  @Test
  void anEditedBinaryADroppedFileAndAnEditedConffileAreExactlyThree() throws Exception {
    Path root = PristineRoots.copy(PristineRoots.systemd(), directory);
    replace(root.resolve("usr/bin/ls"), "#!/bin/sh\n");
    replace(root.resolve("usr/bin/dropped"), "#!/bin/sh\n");
    replace(root.resolve("etc/bash.bashrc"), "alias ls=rm\n");

    Observing.Outcome outcome = Observing.check(root);

    assertEquals(
        List.of("changed /etc/bash.bashrc", "unexpected /usr/bin/dropped", "changed /usr/bin/ls"),
        outcome.lines());
    Difference conffile = outcome.differences().get(0);
    assertEquals("dpkg:bash:amd64", conffile.owner().orElse(""));
    assertTrue(conffile.expected().values().containsKey("md5"));
    assertEquals("dpkg:coreutils:amd64", outcome.differences().get(2).owner().orElse(""));
  }

  @Test
  void whatDpkgVerifySeesIsFound() throws Exception {
    Path root = PristineRoots.copy(PristineRoots.rich(), directory);
    replace(root.resolve("usr/bin/vim.tiny"), "edited");
    replace(root.resolve("etc/sudoers"), "ALL ALL=(ALL) NOPASSWD: ALL\n");
    Files.delete(root.resolve("etc/rsyslog.conf"));
    Files.delete(root.resolve("usr/share/doc/bash/copyright"));
    Files.delete(root.resolve("usr/bin/ping"));

    TreeSet<String> dpkg = new TreeSet<>();
    Programs.run(List.of("dpkg", "--root=" + root, "--verify"))
        .output()
        .lines()
        .filter(line -> line.contains(" /"))
        .forEach(line -> dpkg.add(line.substring(line.indexOf('/'))));
    TreeSet<String> found = new TreeSet<>();
    Observing.check(root).differences().forEach(d -> found.add(d.key().displayName()));

    // dpkg names a file by its list, Patina by its place, and dpkg takes filters for losses.
    TreeSet<String> placed = new TreeSet<>();
    dpkg.stream()
        .filter(path -> !path.matches("/usr/share/(doc|man)/.*") || path.endsWith("copyright"))
        .map(path -> path.replaceFirst("^/(bin|sbin|lib)/", "/usr/$1/"))
        .forEach(placed::add);
    assertEquals(placed, found);
    assertTrue(found.contains("/usr/bin/ping"), found::toString);
  }

  @Test
  void whatDpkgCannotSeeIsFoundByWhatItsToolsRecorded() throws Exception {
    Path root = PristineRoots.copy(PristineRoots.rich(), directory);
    replaceLink(root.resolve("etc/alternatives/editor"), "/bin/ed");
    Files.delete(root.resolve("etc/systemd/system/multi-user.target.wants/ssh.service"));
    replaceLink(
        root.resolve("etc/systemd/system/multi-user.target.wants/rescue.service"),
        "/lib/systemd/system/rescue.service");
    replace(root.resolve("etc/ssh/sshd_config"), "PermitRootLogin yes\n");
    Path helper = root.resolve("usr/lib/dbus-1.0/dbus-daemon-launch-helper");
    byte[] bytes = Files.readAllBytes(helper);
    Files.delete(helper);
    Files.write(helper, bytes);
    Programs.must("chmod", "4755", helper.toString());

    Observing.Outcome outcome = Observing.check(root);

    assertEquals(
        List.of(
            "changed /etc/alternatives/editor",
            "changed /etc/ssh/sshd_config",
            "unexpected /etc/systemd/system/multi-user.target.wants/rescue.service",
            "missing /etc/systemd/system/multi-user.target.wants/ssh.service",
            "changed /usr/lib/dbus-1.0/dbus-daemon-launch-helper"),
        outcome.lines());
    assertEquals(
        List.of("gid", "mode"),
        outcome.differences().getLast().actual().values().keySet().stream().toList());
  }

  private static void replaceLink(Path link, String target) throws Exception {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(target));
  }

  private static void replace(Path file, String content) throws Exception {
    Files.deleteIfExists(file);
    Files.writeString(file, content);
    file.toFile().setExecutable(true, false);
  }
}
