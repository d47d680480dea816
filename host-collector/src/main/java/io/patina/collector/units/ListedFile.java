package io.patina.collector.units;

import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;

/** One element of {@code ListUnitFiles}: {@code (ss)}, org.freedesktop.systemd1(5). */
public final class ListedFile extends Struct {
  @Position(0)
  private final String path;

  @Position(1)
  private final String state;

  public ListedFile(String path, String state) {
    this.path = path;
    this.state = state;
  }

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  String state() {
    return state;
  }
}
