package io.patina.collector.commands;

import io.patina.collector.agent.Agent;
import io.patina.collector.agent.StartFailure;
import io.patina.collector.live.Pulse;
import io.patina.collector.settings.CollectorSettings;
import io.patina.collector.settings.InvalidSettingsException;
import io.patina.collector.settings.Setting;
import io.patina.collector.supervision.ServiceManager;
import io.patina.facts.Escaped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code collect}: observes this host for as long as it runs, and reports to Kafka. */
@Command(
    name = "collect",
    description = {
      "Observes a host live and reports every change to Kafka, until it is stopped.",
      "SIGHUP reads configuration and scope again, SIGUSR1 scans every byte again."
    },
    mixinStandardHelpOptions = true)
final class CollectCommand implements Callable<Integer> {
  private static final Duration FAREWELL = Duration.ofSeconds(60);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration, one key=value per line; see --help-config.")
  private @Nullable Path config;

  @Option(names = "--help-config", description = "Lists every key of the configuration.")
  private boolean helpConfig;

  @Option(
      names = "--retire",
      description = {
        "Announces that this host will not be heard again, which ends its alerts, and returns when",
        "Kafka has it. Stop the collector first."
      })
  private boolean retire;

  @Option(
      names = "--rotate-key",
      description = {
        "Gives this host's installation another key, signed by the one it has, and returns. Stop the",
        "collector first; its next start tells the engine, which refuses the old key from then on."
      })
  private boolean rotateKey;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Failure, InterruptedException {
    if (helpConfig) {
      print(Setting.page());
      return 0;
    }
    CollectorSettings settings = settings();
    LogLines.install();
    try {
      if (retire) {
        return retire(settings);
      }
      if (rotateKey) {
        print("The key is " + Agent.rotateKey(settings) + " now. Start the collector.\n");
        return 0;
      }
      Pulse pulse = new Pulse();
      ServiceManager manager = ServiceManager.of(System.getenv(), ProcessHandle.current().pid());
      return new Collecting(this::settings, manager, pulse).run(settings);
    } catch (StartFailure e) {
      throw new Failure(Escaped.text(String.valueOf(e.getMessage())), e);
    }
  }

  private int retire(CollectorSettings settings) throws StartFailure, InterruptedException {
    if (Agent.retire(settings, FAREWELL)) {
      print("Retired. Remove " + settings.stateDirectory() + " when the host is gone for good.\n");
      return 0;
    }
    print(
        "Kafka has not taken the announcement within "
            + FAREWELL.toSeconds()
            + " s; it stays in the spool. Run this again when Kafka is back.\n");
    return Failures.CANNOT_SAY;
  }

  private void print(String text) {
    if (spec != null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    }
  }

  private CollectorSettings settings() throws Failure {
    if (config == null) {
      throw new Failure("collect needs --config FILE; collect --help-config lists what is in it");
    }
    try {
      return CollectorSettings.read(config);
    } catch (InvalidSettingsException e) {
      throw new Failure(
          Escaped.text(config.toString()) + ":\n  " + String.join("\n  ", e.mistakes()), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure(Escaped.text(config.toString()) + " cannot be read: " + e.getMessage(), e);
    }
  }
}
