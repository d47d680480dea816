package io.patina.collector.supervision;

import io.patina.collector.syscalls.ServiceNotification;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process, told by sd_notify(3) how it goes. Where there is
 * none, nothing is said.
 */
public final class ServiceManager {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

  /** Pings per watchdog interval: two may be late. */
  private static final int PINGS = 3;

  private final Optional<String> socket;
  private final Optional<Duration> watchdog;

  private ServiceManager(Optional<String> socket, Optional<Duration> watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /**
   * As the environment names it.
   *
   * @param environment {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC}, {@code WATCHDOG_PID}
   * @param pid of this process: a watchdog that is meant for another is none
   */
  public static ServiceManager of(Map<String, String> environment, long pid) {
    Optional<String> socket =
        Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(s -> !s.isBlank());
    String mine = environment.getOrDefault("WATCHDOG_PID", String.valueOf(pid));
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    Optional<Duration> watchdog =
        mine.equals(String.valueOf(pid)) && micros.matches("[1-9][0-9]{0,15}")
            ? Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000))
            : Optional.empty();
    return new ServiceManager(socket, watchdog);
  }

  /** How long it waits for a sign of life; empty if it does not. */
  public Optional<Duration> watchdog() {
    return socket.isPresent() ? watchdog : Optional.empty();
  }

  public void ready(String status) {
    say("READY=1\nSTATUS=" + status);
  }

  public void reloading() {
    say("RELOADING=1\nSTATUS=reading the configuration again");
  }

  public void stopping() {
    say("STOPPING=1\nSTATUS=reporting what is left");
  }

  /**
   * Pings from a thread of its own for as long as the pulse grows between two pings: a process
   * whose work stands still falls silent, and is started again.
   */
  public void guard(LongSupplier pulse) {
    watchdog()
        .ifPresent(
            interval -> {
              Duration pause = interval.dividedBy(PINGS);
              Thread.ofPlatform().name("patina-watchdog").daemon().start(() -> ping(pulse, pause));
            });
  }

  private void ping(LongSupplier pulse, Duration pause) {
    Progress progress = new Progress(pulse);
    try {
      while (true) {
        if (progress.isMade()) {
          say("WATCHDOG=1");
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it; silence would be the right answer if somebody did.
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a number has moved since it was last looked at. */
  static final class Progress {
    private final LongSupplier number;
    private long before = -1;

    Progress(LongSupplier number) {
      this.number = number;
    }

    boolean isMade() {
      long now = number.getAsLong();
      boolean moved = now != before;
      before = now;
      return moved;
    }
  }

  private void say(String state) {
    socket.ifPresent(
        s -> {
          int sent = ServiceNotification.send(s, state);
          if (sent < 0) {
            LOG.warn("event=service-manager-not-told state=\"{}\" errno={}", state, -sent);
          }
        });
  }
}
