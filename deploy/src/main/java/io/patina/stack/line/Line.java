package io.patina.stack.line;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the local stack; {@code ./patina} hands its arguments on to it. */
@Command(
    name = "patina",
    description = "The whole line on this machine.",
    subcommands = {UpCommand.class, DownCommand.class, StatusCommand.class, BenchCommand.class},
    mixinStandardHelpOptions = true)
public final class Line implements Callable<Integer> {
  /** The checkout that the launcher belongs to. */
  static final Path CHECKOUT = Path.of(System.getProperty("patina.home", ".")).toAbsolutePath();

  @Spec private CommandLine.Model.CommandSpec spec;

  /** The option that every command of the line has. */
  static final class Where {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "Directory of the line (default: .patina in the checkout).")
    private Path data = defaultDirectory();

    DataDirectory directory() {
      return new DataDirectory(data);
    }
  }

  private Line() {
    this.spec = CommandLine.Model.CommandSpec.create();
  }

  /** Runs one command and exits with its code: 0 done, 1 it failed, 2 wrong usage. */
  public static void main(String[] args) {
    // Kafka's client tells its life story otherwise; people at a terminal asked for something else.
    Logger.getLogger("").setLevel(Level.WARNING);
    CommandLine line = new CommandLine(new Line());
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println("patina: " + failure.getMessage());
          if (System.getenv("PATINA_DEBUG") != null) {
            failure.printStackTrace(command.getErr());
          }
          return 1;
        });
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  /** Whether a directory is the one used without {@code --data}. */
  static boolean isDefault(DataDirectory data) {
    return data.root().equals(new DataDirectory(defaultDirectory()).root());
  }

  /** How to name this line in a command that a person could type next. */
  static String command(String name, DataDirectory data) {
    String quoted = "'" + data.root().toString().replace("'", "'\\''") + "'";
    return "./patina " + name + (isDefault(data) ? "" : " --data " + quoted);
  }

  /** Environment that a detached supervisor needs beside the inherited one. */
  static Map<String, String> detachedEnvironment() {
    return Map.of("PATINA_TERMINAL", "0");
  }

  private static Path defaultDirectory() {
    return CHECKOUT.resolve(".patina");
  }
}
