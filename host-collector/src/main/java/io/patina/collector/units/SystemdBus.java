package io.patina.collector.units;

import io.patina.facts.Gap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;

/** Asks systemd by D-Bus; the only class here that speaks to it. */
final class SystemdBus {
  static final String DESTINATION = "org.freedesktop.systemd1";
  static final String OBJECT = "/org/freedesktop/systemd1";
  private static final String UNIT = "org.freedesktop.systemd1.Unit";

  private final Path socket;
  private final Path booted;

  /**
   * A bus.
   *
   * @param socket usually {@code /run/dbus/system_bus_socket}
   * @param booted exists where systemd is process 1: {@code /run/systemd/system}, sd_booted(3)
   */
  SystemdBus(Path socket, Path booted) {
    this.socket = socket;
    this.booted = booted;
  }

  Running ask() {
    if (!Files.isDirectory(booted)) {
      return new Running.NotApplicable();
    }
    if (!Files.exists(socket)) {
      return new Running.Silent(Gap.UNAVAILABLE);
    }
    try (DBusConnection connection =
        DBusConnectionBuilder.forAddress("unix:path=" + socket).withShared(false).build()) {
      return answer(connection);
    } catch (DBusException | DBusExecutionException | IOException e) {
      return new Running.Silent(Gap.UNAVAILABLE);
    }
  }

  private static Running answer(DBusConnection connection) throws DBusException {
    SystemdManager manager = connection.getRemoteObject(DESTINATION, OBJECT, SystemdManager.class);
    Map<String, RunState> units = new HashMap<>();
    for (ListedUnit unit : manager.listUnits()) {
      if (new UnitName(unit.name()).isObserved()) {
        Properties of =
            connection.getRemoteObject(DESTINATION, unit.path().getPath(), Properties.class);
        units.put(
            unit.name(),
            new RunState(
                unit.load(),
                unit.active(),
                unit.sub(),
                isTrue(of, "Transient"),
                isTrue(of, "NeedDaemonReload")));
      }
    }
    Map<String, String> states = new HashMap<>();
    for (ListedFile file : manager.listUnitFiles()) {
      states.put(file.name(), file.state());
    }
    return new Running.Answer(units, states);
  }

  private static boolean isTrue(Properties of, String property) {
    try {
      return Boolean.TRUE.equals(of.<Boolean>Get(UNIT, property));
    } catch (DBusExecutionException gone) {
      // Collected since it was listed: it is not loaded any more.
      return false;
    }
  }
}
