package io.patina.stack.line;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One process of the line: how it is made ready, started, known to answer, and stopped.
 *
 * @param name one word; names its log and its pid file
 * @param preparation runs before every start and gives what to start
 * @param stopSignal what asks it to end, without SIG
 * @param startLimit how long it may take until it answers
 * @param stopLimit how long it may take to end before it is killed
 */
public record Part(
    String name,
    Preparation preparation,
    String stopSignal,
    Duration startLimit,
    Duration stopLimit) {

  /** What to run. */
  public record Launch(List<String> command, Map<String, String> environment, Probe ready) {
    public Launch {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /** Gets files in place and says what to run. */
  @FunctionalInterface
  public interface Preparation {
    /**
     * Prepares a start.
     *
     * @throws IOException with a sentence for the person at the terminal
     */
    Launch prepare() throws IOException, InterruptedException;
  }

  /** Asks a part whether it answers. */
  @FunctionalInterface
  public interface Probe {
    /** Empty once it answers, else what is still being waited for. */
    Optional<String> waitingFor() throws IOException;
  }
}
