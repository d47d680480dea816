package io.patina.collector.commands;

import io.patina.collector.agent.Agent;
import io.patina.collector.agent.StartFailure;
import io.patina.collector.settings.CollectorSettings;
import io.patina.collector.settings.InvalidSettingsException;
import io.patina.collector.settings.Setting;
import io.patina.facts.Escaped;
import io.patina.wire.v1.AnnouncementKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code collect}: observes this host for as long as it runs, and reports to Kafka. */
@Command(
    name = "collect",
    description = "Observes a host live and reports every change to Kafka, until it is stopped.",
    mixinStandardHelpOptions = true)
final class CollectCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(CollectCommand.class);

  /** As sysexits.h has it: an internal error; a supervisor starts the collector again. */
  private static final int BROKEN = 70;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration, one key=value per line; see --help-config.")
  private @Nullable Path config;

  @Option(names = "--help-config", description = "Lists every key of the configuration.")
  private boolean helpConfig;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Failure, InterruptedException {
    if (helpConfig) {
      if (spec != null) {
        spec.commandLine().getOut().print(Setting.page());
        spec.commandLine().getOut().flush();
      }
      return 0;
    }
    CollectorSettings settings = settings();
    LogLines.install();
    Agent agent;
    try {
      agent = Agent.start(settings);
    } catch (StartFailure e) {
      throw new Failure(Escaped.text(String.valueOf(e.getMessage())), e);
    }
    Thread ending = new Thread(() -> stop(agent), "patina-stop");
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      agent.failure().get();
      return 0;
    } catch (ExecutionException e) {
      // Logged where it happened. What is spooled stays; half a collector would only look alive.
      return BROKEN;
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

  private static void stop(Agent agent) {
    try {
      boolean reboot = Shutdown.isRebooting();
      agent.stop(reboot ? AnnouncementKind.REBOOTING : AnnouncementKind.STOPPING, "signal");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("event=stop-failed reason=\"{}\"", e.toString());
    }
  }
}
