package io.patina.collector.supervision;

import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.types.UInt32;

/** One element of {@code ListJobs}: {@code (usssoo)}, org.freedesktop.systemd1(5). */
@SuppressWarnings("UnusedVariable") // the struct has six fields, whoever reads them
public final class ListedJob extends Struct {
  @Position(0)
  private final UInt32 id;

  @Position(1)
  private final String unit;

  @Position(2)
  private final String type;

  @Position(3)
  private final String state;

  @Position(4)
  private final DBusPath job;

  @Position(5)
  private final DBusPath unitPath;

  public ListedJob(
      UInt32 id, String unit, String type, String state, DBusPath job, DBusPath unitPath) {
    this.id = id;
    this.unit = unit;
    this.type = type;
    this.state = state;
    this.job = job;
    this.unitPath = unitPath;
  }

  String unit() {
    return unit;
  }

  boolean starts() {
    return type.equals("start");
  }
}
