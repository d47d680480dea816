package io.patina.collector.supervision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;

/**
 * Whether this host, and not just the collector, is going down.
 *
 * <p>systemd has a job that starts reboot.target (systemd.special(7)) for as long as it stops
 * everything; its job list is asked by D-Bus, which is still there because the unit of the
 * collector is ordered after it. Where nobody answers, the files that systemd writes on the way
 * down tell.
 */
public final class HostShutdown {
  /** How it goes down. */
  public enum Kind {
    /** It does not: only the collector ends. */
    NONE,
    /** It will be back. */
    REBOOT,
    /** Power off or halt. */
    OFF
  }

  private static final Set<String> REBOOTS =
      Set.of("reboot.target", "kexec.target", "soft-reboot.target");
  private static final Set<String> ENDS = Set.of("poweroff.target", "halt.target");
  private static final String DESTINATION = "org.freedesktop.systemd1";
  private static final String OBJECT = "/org/freedesktop/systemd1";

  private final Path socket;
  private final Path scheduled;
  private final Path noLogin;

  /** Of the host this process runs on. */
  public HostShutdown() {
    this(
        Path.of("/run/dbus/system_bus_socket"),
        Path.of("/run/systemd/shutdown/scheduled"),
        Path.of("/run/nologin"));
  }

  HostShutdown(Path socket, Path scheduled, Path noLogin) {
    this.socket = socket;
    this.scheduled = scheduled;
    this.noLogin = noLogin;
  }

  /** What is under way now. */
  public Kind underWay() {
    if (Files.exists(socket)) {
      try (DBusConnection connection =
          DBusConnectionBuilder.forAddress("unix:path=" + socket).withShared(false).build()) {
        return of(
            connection.getRemoteObject(DESTINATION, OBJECT, JobList.class).listJobs().stream()
                .filter(ListedJob::starts)
                .map(ListedJob::unit)
                .toList());
      } catch (DBusException | DBusExecutionException | IOException e) {
        // The bus went first: the files below are what is left.
        return byFiles();
      }
    }
    return byFiles();
  }

  /** From the names of units that are being started. */
  static Kind of(List<String> starting) {
    if (starting.stream().anyMatch(REBOOTS::contains)) {
      return Kind.REBOOT;
    }
    return starting.stream().anyMatch(ENDS::contains) ? Kind.OFF : Kind.NONE;
  }

  /** systemd keeps logins away while it stops units, and keeps the mode of a planned shutdown. */
  Kind byFiles() {
    if (!Files.exists(noLogin)) {
      return Kind.NONE;
    }
    try {
      if (!Files.exists(scheduled)) {
        return Kind.REBOOT;
      }
      String text = Files.readString(scheduled, StandardCharsets.UTF_8);
      return text.contains("MODE=poweroff") || text.contains("MODE=halt") ? Kind.OFF : Kind.REBOOT;
    } catch (IOException e) {
      // It went away with everything else.
      return Kind.REBOOT;
    }
  }
}
