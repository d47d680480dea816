package io.patina.collector.units;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBusSigHandler;
import org.freedesktop.dbus.matchrules.DBusMatchRule;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;

/**
 * Tells when systemd says that something about its units changed (org.freedesktop.systemd1(5)): not
 * what, because whoever is told reads all of it again.
 */
public final class UnitSignals implements AutoCloseable {
  private final DBusConnection connection;
  private final AtomicBoolean lost;

  private UnitSignals(DBusConnection connection, AtomicBoolean lost) {
    this.connection = connection;
    this.lost = lost;
  }

  /**
   * Subscribes at the systemd of this machine.
   *
   * @param changed called by a thread of the connection, often several times for one change
   * @return empty where no systemd answers
   */
  public static Optional<UnitSignals> subscribe(Runnable changed) {
    return subscribe(
        Path.of("/run/dbus/system_bus_socket"), Path.of("/run/systemd/system"), changed);
  }

  static Optional<UnitSignals> subscribe(Path socket, Path booted, Runnable changed) {
    if (!Files.isDirectory(booted) || !Files.exists(socket)) {
      return Optional.empty();
    }
    try {
      AtomicBoolean lost = new AtomicBoolean();
      DBusConnection connection =
          DBusConnectionBuilder.forAddress("unix:path=" + socket)
              .withShared(false)
              .withDisconnectCallback(new Ended(lost, changed))
              .build();
      UnitSignals signals = new UnitSignals(connection, lost);
      signals.listen(changed);
      return Optional.of(signals);
    } catch (DBusException | DBusExecutionException e) {
      // The schedule has to do.
      return Optional.empty();
    }
  }

  /** The bus has ended: whoever is told reads again, and finds that it has to subscribe anew. */
  private record Ended(AtomicBoolean lost, Runnable changed) implements IDisconnectCallback {
    @Override
    public void disconnectOnError(IOException e) {
      lost.set(true);
      changed.run();
    }
  }

  private void listen(Runnable changed) throws DBusException {
    DBusSigHandler<DBusSignal> handler = signal -> changed.run();
    // Not by sender: signals come from its unique name, which the library would not recognise. What
    // somebody else sends makes us look once more than needed.
    // UnitNew, UnitRemoved, UnitFilesChanged, Reloading, JobRemoved.
    var unused =
        connection.addGenericSigHandler(
            rule(SystemdBus.OBJECT, "org.freedesktop.systemd1.Manager"), handler);
    var unused2 =
        connection.addGenericSigHandler(
            DBusMatchRuleBuilder.create()
                .withType("signal")
                .withInterface("org.freedesktop.DBus.Properties")
                .withMember("PropertiesChanged")
                .withPathNamespace(SystemdBus.OBJECT + "/unit")
                .build(),
            handler);
    connection
        .getRemoteObject(SystemdBus.DESTINATION, SystemdBus.OBJECT, SystemdManager.class)
        .subscribe();
  }

  private static DBusMatchRule rule(String path, String from) {
    return DBusMatchRuleBuilder.create()
        .withType("signal")
        .withPath(path)
        .withInterface(from)
        .build();
  }

  /** Whether signals can still come. */
  public boolean isAlive() {
    return !lost.get() && connection.isConnected();
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
