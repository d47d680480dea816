package io.patina.collector.shipped;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.comparison.Difference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  private static void replace(Path file, String content) throws Exception {
    Files.deleteIfExists(file);
    Files.writeString(file, content);
    file.toFile().setExecutable(true, false);
  }
}
