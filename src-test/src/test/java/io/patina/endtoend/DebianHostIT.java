package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.endtoend.hosts.DebianHost;
import io.patina.endtoend.hosts.DebianRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The hosts that the other proofs stand on are real, and leave nothing behind. */
class DebianHostIT {

  @Test
  void aHostBootsWithItsOwnSystemdAndLeavesNoTrace() throws Exception {
    DebianRoot.obstacle().ifPresent(Assumptions::abort);
    Path directory = Path.of("target", "hosts").toAbsolutePath();
    String name;
    Path root;
    try (DebianHost host = new DebianHost(directory, Map.of(), Map.of())) {
      name = host.name();
      root = host.root();
      assertEquals("1", host.run("sh", "-c", "cat /proc/1/comm | grep -c systemd").strip());
      assertEquals(name, host.run("hostname").strip());
      assertTrue(host.run("dpkg-query", "-W", "systemd").startsWith("systemd"));
    }
    assertFalse(Files.exists(root), "files are left");
    assertFalse(Files.exists(Path.of("/run/netns", name)), "the network namespace is left");
    assertFalse(Files.readString(Path.of("/proc/mounts")).contains(name), "a mount is left");
  }
}
