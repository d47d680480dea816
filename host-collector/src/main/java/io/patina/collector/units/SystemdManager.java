package io.patina.collector.units;

import java.util.List;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.interfaces.DBusInterface;

/** The calls of systemd's manager that are used here. None changes anything. */
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
public interface SystemdManager extends DBusInterface {
  @DBusMemberName("ListUnits")
  List<ListedUnit> listUnits();

  @DBusMemberName("ListUnitFiles")
  List<ListedFile> listUnitFiles();

  /** From now on this connection is sent signals. */
  @DBusMemberName("Subscribe")
  void subscribe();
}
