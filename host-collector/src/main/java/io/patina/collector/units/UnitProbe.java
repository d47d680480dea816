package io.patina.collector.units;

import io.patina.collector.files.RootFiles;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Facts of the facet {@code unit}: by D-Bus and files on a running system, else by files alone. */
public final class UnitProbe {
  private final RootFiles files;
  private final SystemdBus bus;

  public UnitProbe(RootFiles files) {
    this(files, Path.of("/run/dbus/system_bus_socket"), Path.of("/run/systemd/system"));
  }

  UnitProbe(RootFiles files, Path socket, Path booted) {
    this.files = files;
    this.bus = new SystemdBus(socket, booted);
  }

  /** The facts, and a gap per unit directory that could not be listed. */
  public List<Entry> observe() {
    Running running = files.root().isLive() ? bus.ask() : new Running.NotApplicable();
    UnitFiles found = UnitFiles.of(files);
    List<Entry> out = new ArrayList<>(new UnitFacts(found, Presets.of(files), running).make());
    found
        .unreadable()
        .forEach(
            (directory, reason) ->
                out.add(Entry.of(new Gap(FactKey.of(Facet.UNIT, directory), true, reason))));
    return out;
  }
}
