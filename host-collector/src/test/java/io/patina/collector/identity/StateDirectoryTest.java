package io.patina.collector.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.signing.PublicKey;
import io.patina.wire.EnrolmentToken;
import io.patina.wire.KeyHandovers;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  void whereverARotationEndsTheNextStartGoesOnAndTheEngineFindsTheWay() throws Exception {
    SecureRandom random = new SecureRandom();
    for (int steps = 0; steps <= 4; steps++) {
      Path path = directory.resolve("rotated-" + steps);
      Installation before;
      Installation after;
      try (StateDirectory state = ready(StateDirectory.open(path))) {
        before = state.installation(random);
        new KeyRotation(path).begin(before, random, steps);
      }
      try (StateDirectory state = ready(StateDirectory.open(path))) {
        after = state.installation(random);
        assertEquals(before.id(), after.id());
        assertEquals(
            steps == 0,
            before.key().publicKey().equals(after.key().publicKey()),
            "once the new key is on disk the rotation comes to its end");
        assertEquals(steps == 0 ? 0 : 1, after.handovers().size());
        assertEquals(after.key().publicKey(), state.installation(random).key().publicKey());
      }
      // And again: who knew the first key finds the way over both.
      try (StateDirectory state = ready(StateDirectory.open(path))) {
        Installation last = state.rotateKey(random);
        assertTrue(
            KeyHandovers.lead(
                last.id(),
                before.key().publicKey().raw(),
                last.key().publicKey().raw(),
                last.handovers()));
        assertNotEquals(after.key().publicKey(), last.key().publicKey());
      }
      assertFalse(Files.exists(path.resolve("installation.key.next.pem")));
      assertEquals("rw-------", mode("rotated-" + steps + "/installation.key.pem"));
    }
  }

  @Test
  void aTokenIsShownByAProofAndNeverRepeatedWhereItIsWrong() throws Exception {
    EnrolmentToken token = EnrolmentToken.generate(new SecureRandom());
    Path file = directory.resolve("token");
    assertEquals(Optional.empty(), TokenFile.read(file));
    Files.writeString(file, token.text().substring(0, 40));
    IOException wrong = assertThrows(IOException.class, () -> TokenFile.read(file));
    assertTrue(String.valueOf(wrong.getMessage()).contains(file.toString()));
    assertFalse(String.valueOf(wrong.getMessage()).contains(token.text().substring(13, 40)));
    Files.writeString(file, token.text() + "\n");
    EnrolmentToken read = TokenFile.read(file).orElseThrow();
    try (StateDirectory state = open()) {
      Installation installation = state.installation(new SecureRandom());
      HostIdentity host =
          installation.proving(
              HostIdentity.newBuilder().setHostname("a").build(), Optional.of(read));
      assertTrue(
          EnrolmentToken.verify(
              host.getEnrolment(), installation.id(), installation.key().publicKey()));
      assertFalse(host.toString().contains(token.text()));
      assertFalse(TokenFile.wasShown(state, read.publicKey()));
      TokenFile.shown(state, read.publicKey());
      assertTrue(TokenFile.wasShown(state, read.publicKey()));
      PublicKey other = EnrolmentToken.generate(new SecureRandom()).publicKey();
      assertFalse(TokenFile.wasShown(state, other));
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
