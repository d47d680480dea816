package io.patina.collector.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.wire.v1.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
  @TempDir Path directory;

  @Test
  void theIdentityIsMadeOnceAndClosedToOthers() throws Exception {
    Installation made;
    try (StateDirectory state = open()) {
      made = state.installation(new SecureRandom());
    }
    try (StateDirectory state = open()) {
      Installation again = state.installation(new SecureRandom());
      assertEquals(made.id(), again.id());
      assertEquals(made.key().publicKey(), again.key().publicKey());
    }
    assertEquals("rwx------", mode("state"));
    assertEquals("rw-------", mode("state/installation.key.pem"));
  }

  @Test
  void twoStateDirectoriesAreTwoInstallations() throws Exception {
    try (StateDirectory one = open();
        StateDirectory two = ready(StateDirectory.open(directory.resolve("other")))) {
      assertNotEquals(
          one.installation(new SecureRandom()).id(), two.installation(new SecureRandom()).id());
    }
  }

  @Test
  void aSecondInstanceIsTurnedAwayUntilTheFirstHasGone() throws Exception {
    try (StateDirectory state = open()) {
      assertEquals(directory.resolve("state"), state.path());
      assertInstanceOf(
          StateDirectory.Opening.InUse.class, StateDirectory.open(directory.resolve("state")));
    }
    open().close();
  }

  @Test
  void aCrashBeforeTheIdIsWrittenLeavesNoHalfIdentity() throws Exception {
    try (StateDirectory state = open()) {
      Files.writeString(directory.resolve("state/installation.key.pem"), "half a k");
      state.installation(new SecureRandom());
      state.installation(new SecureRandom());
    }
  }

  @Test
  void aDamagedIdentityIsNeverReplacedSilently() throws Exception {
    try (StateDirectory state = open()) {
      state.installation(new SecureRandom());
      Path key = directory.resolve("state/installation.key.pem");
      Files.writeString(key, "damaged");
      UnusableIdentityException failure =
          assertThrows(
              UnusableIdentityException.class, () -> state.installation(new SecureRandom()));
      assertTrue(String.valueOf(failure.getMessage()).contains(key.toString()));
    }
  }

  @Test
  void everyStartHasItsNumberAndADirectoryThatWasPutBackRepeatsOne() throws Exception {
    Path starts = directory.resolve("state/starts");
    try (StateDirectory state = open()) {
      assertEquals(1, state.countStart());
    }
    String then = Files.readString(starts);
    try (StateDirectory state = open()) {
      assertEquals(2, state.countStart());
    }
    Files.writeString(starts, then);
    try (StateDirectory state = open()) {
      assertEquals(2, state.countStart());
    }
    Files.writeString(starts, "many\n");
    try (StateDirectory state = open()) {
      IOException refused = assertThrows(IOException.class, state::countStart);
      assertTrue(String.valueOf(refused.getMessage()).contains(starts.toString()));
    }
  }

  @Test
  void theClockTellsBootAndTimeSinceBoot() {
    Moment now = new HostClock(Clock.systemUTC(), Path.of("/proc")).now();
    assertEquals(16, now.getBootId().size());
    assertTrue(now.getBoottimeMicros() > 0);
    assertTrue(now.getWallMicros() > 1_700_000_000_000_000L);
  }

  @Test
  void ofTheMachineOnlyADigestIsTold() throws Exception {
    Files.createDirectory(directory.resolve("etc"));
    Files.writeString(directory.resolve("etc/machine-id"), "0123456789abcdef\n");
    Files.writeString(directory.resolve("etc/hostname"), "some-host\n");
    var host = Host.read(directory, Map.of("rack", "b12"), "1", 7);
    assertEquals("some-host", host.getHostname());
    assertEquals(32, host.getMachine().size());
    assertEquals(7, host.getStarts());
    assertEquals(List.of("rack"), host.getLabelsList().stream().map(l -> l.getName()).toList());
    assertTrue(Host.read(Path.of("/"), Map.of(), "1", 1).getHostname().length() > 1);
  }

  private String mode(String file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
  }

  private StateDirectory open() throws Exception {
    return ready(StateDirectory.open(directory.resolve("state")));
  }

  private static StateDirectory ready(StateDirectory.Opening opening) {
    return assertInstanceOf(StateDirectory.Opening.Ready.class, opening).directory();
  }
}
