package io.patina.collector.commands;

import io.patina.collector.asking.CommandFailure;
import picocli.CommandLine;

/** Shows an expected failure as one sentence and anything else with its trace. */
final class Failures implements CommandLine.IExecutionExceptionHandler {
  /** Nothing can be said of the host: as for a required fact that is a gap. */
  static final int CANNOT_SAY = 2;

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
    if (failure instanceof Failure || failure instanceof CommandFailure) {
      command.getErr().println("patina: " + failure.getMessage());
      command.getErr().flush();
      return CANNOT_SAY;
    }
    throw failure;
  }
}
