package io.patina.collector.supervision;

import java.util.List;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.interfaces.DBusInterface;

/** The one call of systemd's manager that is used here. It changes nothing. */
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
public interface JobList extends DBusInterface {
  @DBusMemberName("ListJobs")
  List<ListedJob> listJobs();
}
