package io.patina.collector.units;

import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.types.UInt32;

/** One element of {@code ListUnits}: {@code (ssssssouso)}, org.freedesktop.systemd1(5). */
@SuppressWarnings("UnusedVariable") // the struct has ten fields, whoever reads them
public final class ListedUnit extends Struct {
  @Position(0)
  private final String name;

  @Position(1)
  private final String description;

  @Position(2)
  private final String load;

  @Position(3)
  private final String active;

  @Position(4)
  private final String sub;

  @Position(5)
  private final String following;

  @Position(6)
  private final DBusPath path;

  @Position(7)
  private final UInt32 job;

  @Position(8)
  private final String jobType;

  @Position(9)
  private final DBusPath jobPath;

  public ListedUnit(
      String name,
      String description,
      String load,
      String active,
      String sub,
      String following,
      DBusPath path,
      UInt32 job,
      String jobType,
      DBusPath jobPath) {
    this.name = name;
    this.description = description;
    this.load = load;
    this.active = active;
    this.sub = sub;
    this.following = following;
    this.path = path;
    this.job = job;
    this.jobType = jobType;
    this.jobPath = jobPath;
  }

  String name() {
    return name;
  }

  String load() {
    return load;
  }

  String active() {
    return active;
  }

  String sub() {
    return sub;
  }

  DBusPath path() {
    return path;
  }
}
