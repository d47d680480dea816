package io.patina.stack.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.stack.line.LineState.Phase;
import io.patina.stack.line.LineState.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SupervisorIT {
  @TempDir Path parent;

  private final BlockingQueue<LineState> states = new LinkedBlockingQueue<>();
  private DataDirectory data = new DataDirectory(Path.of("unset"));
  private Path journal = Path.of("unset");

  @BeforeEach
  void claim() throws IOException {
    data = new DataDirectory(parent.resolve("line"));
    assertEquals(Optional.empty(), data.claim());
    journal = Files.createFile(parent.resolve("journal"));
  }

  @Test
  void partsStartInOrderAndStopInTheOppositeOrder() throws Exception {
    Supervisor supervisor = supervisor(faithful("one"), faithful("two"));
    Thread run = run(supervisor);
    await(state -> state.phase() == Phase.RUNNING);
    supervisor.stop();
    run.join();
    assertEquals(
        List.of("one started", "two started", "two stopped", "one stopped"),
        Files.readAllLines(journal));
    assertFalse(Files.exists(data.run("one.pid")));
    assertEquals(Phase.STOPPED, LineState.read(data.run("state.json")).orElseThrow().phase());
  }

  @Test
  void aPartThatEndsBeforeItAnswersIsReportedWithItsLogAndTheOthersAreStopped() throws Exception {
    Part broken = part("broken", "echo the disk is full; exit 7", () -> Optional.of("answer"));
    assertFalse(supervisor(faithful("one"), broken).run());
    LineState last = LineState.read(data.run("state.json")).orElseThrow();
    assertEquals(Phase.FAILED, last.phase());
    assertEquals(Step.GIVEN_UP, last.parts().get(1).step());
    String notice = last.notices().getFirst();
    assertTrue(notice.contains("broken ended with 7"), notice);
    assertTrue(notice.contains("the disk is full"), notice);
    assertTrue(notice.contains(data.logs().resolve("broken.log").toString()), notice);
    assertEquals(List.of("one started", "one stopped"), Files.readAllLines(journal));
  }

  @Test
  void aPartThatCannotBePreparedSaysWhy() throws Exception {
    Part missing =
        new Part(
            "missing",
            () -> {
              throw new IOException("no such jar");
            },
            "TERM",
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    assertFalse(supervisor(missing).run());
    LineState last = LineState.read(data.run("state.json")).orElseThrow();
    assertTrue(last.notices().getFirst().contains("no such jar"));
  }

  @Test
  void aPartThatIsKilledStartsAgain() throws Exception {
    Supervisor supervisor = supervisor(faithful("one"));
    Thread run = run(supervisor);
    long first = await(state -> ready(state)).parts().getFirst().pid();
    ProcessRecord.of(first).orElseThrow().signal("KILL");
    LineState after = await(state -> ready(state) && state.parts().getFirst().pid() != first);
    assertTrue(after.notices().getFirst().contains("The one ended with 137"));
    supervisor.stop();
    run.join();
    assertEquals(List.of("one started", "one started", "one stopped"), Files.readAllLines(journal));
  }

  @Test
  void aPartThatKeepsDyingStaysDownAndTheOthersGoOn() throws Exception {
    Path answering = parent.resolve("mortal.answering");
    Part mortal =
        part(
            "mortal",
            "touch '" + answering + "'; read line <'" + fifo() + "'",
            () -> Files.exists(answering) ? Optional.empty() : Optional.of("file"));
    Supervisor supervisor = supervisor(faithful("one"), mortal);
    Thread run = run(supervisor);
    long killed = 0;
    for (int death = 0; death < 4; death++) {
      long before = killed;
      LineState up =
          await(
              state ->
                  state.parts().get(1).step() == Step.READY
                      && state.parts().get(1).pid() != before);
      killed = up.parts().get(1).pid();
      ProcessRecord.of(killed).orElseThrow().signal("KILL");
    }
    LineState last = await(state -> state.parts().get(1).step() == Step.GIVEN_UP);
    assertEquals(Step.READY, last.parts().getFirst().step());
    supervisor.stop();
    run.join();
  }

  @Test
  void aPartThatIgnoresItsSignalIsKilled() throws Exception {
    Part stubborn =
        new Part(
            "stubborn",
            () ->
                new Part.Launch(
                    List.of(
                        "/bin/sh",
                        "-c",
                        "trap '' TERM; while :; do read line <'" + fifo() + "'; done"),
                    Map.of(),
                    Optional::empty),
            "TERM",
            Duration.ofSeconds(30),
            Duration.ofMillis(200));
    Supervisor supervisor = supervisor(stubborn);
    Thread run = run(supervisor);
    long pid = await(state -> ready(state)).parts().getFirst().pid();
    supervisor.stop();
    run.join();
    assertEquals(Optional.empty(), ProcessRecord.of(pid));
  }

  @Test
  void whatAKilledSupervisorLeftBehindIsStopped() throws Exception {
    Process left = new ProcessBuilder("/bin/sh", "-c", "read line <'" + fifo() + "'").start();
    ProcessRecord.of(left.pid()).orElseThrow().write(data.run("one.pid"));
    assertEquals(List.of("one"), Supervisor.stopLeftovers(data, List.of(faithful("one"))));
    // It is gone; the JVM, which is its parent, hears of that a moment later.
    assertTrue(left.waitFor(30, TimeUnit.SECONDS));
    assertEquals(List.of(), Supervisor.stopLeftovers(data, List.of(faithful("one"))));
  }

  private static boolean ready(LineState state) {
    return state.parts().getFirst().step() == Step.READY;
  }

  /** A part that writes down when it starts and when it is asked to stop. */
  private Part faithful(String name) throws IOException, InterruptedException {
    Path answering = parent.resolve(name + ".answering");
    String script =
        "trap 'echo "
            + name
            + " stopped >>\"$JOURNAL\"; exit 0' TERM; echo "
            + name
            + " started >>\"$JOURNAL\"; touch '"
            + answering
            + "'; while :; do read line <'"
            + fifo()
            + "'; done";
    return part(
        name, script, () -> Files.exists(answering) ? Optional.empty() : Optional.of("its file"));
  }

  /** Nobody writes to it, so that a shell that reads it waits, without a child of its own. */
  private Path fifo() throws IOException, InterruptedException {
    Path fifo = parent.resolve("fifo");
    if (!Files.exists(fifo)) {
      assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    }
    return fifo;
  }

  private Part part(String name, String script, Part.Probe probe) {
    return new Part(
        name,
        () -> {
          Files.deleteIfExists(parent.resolve(name + ".answering"));
          return new Part.Launch(
              List.of("/bin/sh", "-c", script), Map.of("JOURNAL", journal.toString()), probe);
        },
        "TERM",
        Duration.ofSeconds(30),
        Duration.ofSeconds(30));
  }

  private Supervisor supervisor(Part... parts) {
    return new Supervisor(data, List.of(parts), "http://127.0.0.1:1/", null, states::add);
  }

  private static Thread run(Supervisor supervisor) {
    Thread thread =
        new Thread(
            () -> {
              try {
                supervisor.run();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }

  private LineState await(Predicate<LineState> wanted) throws InterruptedException {
    while (true) {
      LineState state = states.take();
      if (wanted.test(state)) {
        return state;
      }
    }
  }
}
