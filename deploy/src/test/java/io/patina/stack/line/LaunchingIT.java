package io.patina.stack.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.stack.line.LineState.Phase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real database and the real broker, while somebody else takes the ports chosen for them. */
class LaunchingIT {

  @TempDir Path parent;

  @Test
  void aPortThatWasTakenAfterItHadBeenChosenIsGivenUpForAnother() throws Exception {
    DataDirectory data = new DataDirectory(parent.resolve("line"));
    assertEquals(Optional.empty(), data.claim());
    Ports chosen = Ports.choose(data.run("ports"), OptionalInt.of(1));
    List<String> said = new ArrayList<>();
    CountDownLatch running = new CountDownLatch(1);
    Launching launching =
        new Launching(
            ports -> {
              Parts parts = new Parts(data, ports, parent);
              return new Supervisor(
                  data,
                  List.of(parts.database(), parts.broker()),
                  "",
                  null,
                  state -> {
                    if (state.phase() == Phase.RUNNING) {
                      running.countDown();
                    }
                  });
            },
            data.run("ports"),
            said::add);
    try (ServerSocket one = taken(chosen.database());
        ServerSocket two = taken(chosen.broker())) {
      assertTrue(one.isBound() && two.isBound());
      FutureTask<Boolean> run = new FutureTask<>(() -> launching.run(chosen));
      Thread.ofPlatform().start(run);
      assertTrue(running.await(3, TimeUnit.MINUTES), said::toString);
      Ports used = Ports.read(data.run("ports")).orElseThrow();
      assertNotEquals(chosen.database(), used.database());
      assertNotEquals(chosen.broker(), used.broker());
      assertEquals(chosen.page(), used.page());
      assertEquals(2, said.size(), said::toString);
      launching.stop();
      assertTrue(run.get());
    }
  }

  @Test
  void thePortOfThePageIsNobodysToChange() throws Exception {
    Ports ports = new Ports(8420, 1, 2, 3, 4);
    assertEquals(Optional.empty(), ports.withOthersFor("engine"));
    assertFalse(ports.withOthersFor("collector").isEmpty());
  }

  private static ServerSocket taken(int port) throws Exception {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
