package io.patina.collector.commands;

import io.patina.collector.agent.Agent;
import io.patina.collector.agent.StartFailure;
import io.patina.collector.live.Pulse;
import io.patina.collector.settings.CollectorSettings;
import io.patina.collector.supervision.HostShutdown;
import io.patina.collector.supervision.ServiceManager;
import io.patina.collector.supervision.Signals;
import io.patina.wire.v1.AnnouncementKind;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that collects: it starts an agent, follows signals, and ends it in order.
 *
 * <p>A reload is a stop and a start without a new process: what changes in between is found as
 * after any stop. A configuration that is wrong leaves the one in place that runs.
 */
final class Collecting {
  private static final Logger LOG = LoggerFactory.getLogger(Collecting.class);

  /** As sysexits.h has it: an internal error; a supervisor starts the collector again. */
  private static final int BROKEN = 70;

  /** Reads the configuration file again. */
  interface Configuration {
    CollectorSettings read() throws Failure;
  }

  private enum Wish {
    RELOAD,
    READ_AGAIN,
    BROKEN
  }

  private final Configuration configuration;
  private final ServiceManager manager;
  private final Pulse pulse;
  private final BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
  private @Nullable Agent running;
  private boolean ending;

  Collecting(Configuration configuration, ServiceManager manager, Pulse pulse) {
    this.configuration = configuration;
    this.manager = manager;
    this.pulse = pulse;
  }

  /** Runs until the process is told to end, which never returns, or until something is broken. */
  int run(CollectorSettings settings) throws StartFailure, InterruptedException {
    boolean heard =
        Signals.on("HUP", () -> wishes.add(Wish.RELOAD))
            && Signals.on("USR1", () -> wishes.add(Wish.READ_AGAIN));
    if (!heard) {
      LOG.warn("event=signals-not-heard: SIGHUP and SIGUSR1 do what they do by default");
    }
    manager.guard(pulse::count);
    Agent agent = begin(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "patina-stop"));
    while (true) {
      switch (wishes.take()) {
        case READ_AGAIN -> agent.readAgain();
        case RELOAD -> agent = reload(agent);
        case BROKEN -> {
          // Logged where it happened. What is spooled stays; half a collector would only look
          // alive.
          return BROKEN;
        }
      }
    }
  }

  private Agent begin(CollectorSettings settings) throws StartFailure {
    Agent agent = Agent.start(settings, pulse, () -> manager.ready("first scan"));
    manager.ready("observing");
    synchronized (this) {
      running = agent;
    }
    var unused =
        agent
            .failure()
            .whenComplete(
                (none, e) -> {
                  if (e != null) {
                    wishes.add(Wish.BROKEN);
                  }
                });
    return agent;
  }

  private Agent reload(Agent agent) throws StartFailure, InterruptedException {
    CollectorSettings settings;
    try {
      settings = configuration.read();
      Agent.validate(settings);
    } catch (Failure | StartFailure e) {
      LOG.warn("event=reload-refused reason=\"{}\"", String.valueOf(e.getMessage()));
      return agent;
    }
    synchronized (this) {
      if (ending) {
        return agent;
      }
      running = null;
    }
    LOG.info("event=reloading");
    manager.reloading();
    stop(agent, AnnouncementKind.STOPPING, "reload");
    return begin(settings);
  }

  /** On SIGTERM and SIGINT. */
  private void end() {
    Agent agent;
    synchronized (this) {
      ending = true;
      agent = running;
    }
    manager.stopping();
    if (agent == null) {
      return;
    }
    try {
      switch (new HostShutdown().underWay()) {
        case REBOOT -> stop(agent, AnnouncementKind.REBOOTING, "host reboots");
        case OFF -> stop(agent, AnnouncementKind.STOPPING, "host goes off");
        case NONE -> stop(agent, AnnouncementKind.STOPPING, "signal");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stop(Agent agent, AnnouncementKind kind, String detail)
      throws InterruptedException {
    try {
      agent.stop(kind, detail);
    } catch (IOException e) {
      LOG.warn("event=stop-failed reason=\"{}\"", e.toString());
    }
  }
}
