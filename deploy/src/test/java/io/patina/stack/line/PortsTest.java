package io.patina.stack.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
  @TempDir Path directory;

  @Test
  void theLastPortsAreUsedAgain() throws IOException {
    Path file = directory.resolve("ports");
    Ports first = Ports.choose(file, OptionalInt.of(4711));
    first.write(file);
    assertEquals(first, Ports.choose(file, OptionalInt.empty()));
    assertEquals(4712, Ports.choose(file, OptionalInt.of(4712)).page());
  }

  @Test
  void withoutALastRunThePageHasItsDefault() throws IOException {
    assertEquals(
        Ports.DEFAULT_PAGE, Ports.choose(directory.resolve("none"), OptionalInt.empty()).page());
  }

  @Test
  void aRememberedPortThatIsTakenIsReplaced() throws IOException {
    Path file = directory.resolve("ports");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      new Ports(1, taken.getLocalPort(), 2, 3, 4).write(file);
      assertNotEquals(taken.getLocalPort(), Ports.choose(file, OptionalInt.empty()).broker());
    }
  }

  @Test
  void rubbishInTheFileIsIgnored() throws IOException {
    Path file = Files.writeString(directory.resolve("ports"), "page=99999999\nbroker=x\n");
    Ports ports = Ports.choose(file, OptionalInt.empty());
    assertEquals(Ports.DEFAULT_PAGE, ports.page());
    assertTrue(ports.broker() > 0);
  }

  @Test
  void aTakenPortIsNotFree() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertFalse(Ports.isFree(taken.getLocalPort()));
      assertNotEquals(
          OptionalInt.of(taken.getLocalPort()), Ports.freeAbove(taken.getLocalPort() - 1));
    }
  }
}
