package io.patina.collector.commands;

import io.patina.collector.baseline.BaselineCommand;
import io.patina.collector.baseline.PolicyCommand;
import io.patina.collector.decisions.MaintenanceCommand;
import io.patina.collector.decisions.WaiverCommand;
import io.patina.collector.hosts.HostCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The collector's command line. */
@Command(
    name = "patina",
    description = "Tells whether a host is still what it was built to be, and what changed.",
    subcommands = {
      CheckCommand.class,
      CaptureCommand.class,
      CollectCommand.class,
      BaselineCommand.class,
      PolicyCommand.class,
      WaiverCommand.class,
      MaintenanceCommand.class,
      HostCommand.class,
      BenchCommand.class
    },
    mixinStandardHelpOptions = true,
    version = "patina 0.1.0")
public final class Patina {
  private Patina() {}

  public static void main(String[] arguments) {
    // By name: to touch the class would make the manager that it is to replace.
    System.setProperty("java.util.logging.manager", "io.patina.collector.commands.LogsToTheEnd");
    // One-shot commands talk to people; libraries below them stay silent unless something is wrong.
    Logger.getLogger("").setLevel(Level.WARNING);
    // Names are UTF-8 on every system of today, whatever the locale of a service or cron job says.
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    int exit = commandLine().setOut(out).execute(arguments);
    out.flush();
    System.exit(exit);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Patina())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(new Failures());
  }
}
