package io.patina.collector.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.patina.collector.supervision.HostShutdown.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostShutdownTest {
  @TempDir Path directory;

  @Test
  void theTargetThatIsBeingStartedTellsHowTheHostGoesDown() {
    assertEquals(Kind.NONE, HostShutdown.of(List.of()));
    assertEquals(Kind.NONE, HostShutdown.of(List.of("nginx.service", "multi-user.target")));
    assertEquals(
        Kind.REBOOT, HostShutdown.of(List.of("shutdown.target", "reboot.target", "umount.target")));
    assertEquals(Kind.REBOOT, HostShutdown.of(List.of("kexec.target")));
    assertEquals(Kind.OFF, HostShutdown.of(List.of("shutdown.target", "poweroff.target")));
  }

  @Test
  void withoutABusTheFilesOfTheShutdownTell() throws Exception {
    HostShutdown shutdown =
        new HostShutdown(
            directory.resolve("no-bus"),
            directory.resolve("scheduled"),
            directory.resolve("nologin"));
    assertEquals(Kind.NONE, shutdown.underWay());
    Files.writeString(directory.resolve("nologin"), "System is going down.\n");
    assertEquals(Kind.REBOOT, shutdown.underWay());
    Files.writeString(directory.resolve("scheduled"), "USEC=1\nWARN_WALL=1\nMODE=poweroff\n");
    assertEquals(Kind.OFF, shutdown.underWay());
    Files.writeString(directory.resolve("scheduled"), "USEC=1\nWARN_WALL=1\nMODE=reboot\n");
    assertEquals(Kind.REBOOT, shutdown.underWay());
  }
}
