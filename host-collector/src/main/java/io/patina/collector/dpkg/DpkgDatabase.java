package io.patina.collector.dpkg;

import io.patina.collector.files.RootFiles;
import io.patina.collector.inventory.DatabaseFiles;
import io.patina.collector.inventory.InstalledPackage;
import io.patina.collector.inventory.PackageDatabase;
import io.patina.collector.inventory.RealPaths;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.Unreadable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The dpkg database of a root: {@code /var/lib/dpkg/status} with its journal, or the stanzas under
 * {@code status.d} that distroless images have.
 *
 * <p>dpkg records neither modes nor owners nor link targets; only statoverrides, alternatives and
 * deb-systemd-helper state those. {@code ~/.dpkg.cfg} is not read: it belongs to whoever ran dpkg.
 */
public final class DpkgDatabase implements PackageDatabase {

  static final String HOME = "/var/lib/dpkg";

  private final RootFiles files;
  private final boolean distroless;

  private DpkgDatabase(RootFiles files, boolean distroless) {
    this.files = files;
    this.distroless = distroless;
  }

  /** The database of this root; empty if there is none. */
  public static Optional<DpkgDatabase> in(RootFiles files) {
    if (files.exists(HOME + "/status")) {
      return Optional.of(new DpkgDatabase(files, false));
    }
    return files.exists(HOME + "/status.d")
        ? Optional.of(new DpkgDatabase(files, true))
        : Optional.empty();
  }

  @Override
  public String manager() {
    return "dpkg";
  }

  @Override
  public String location() {
    return distroless ? HOME + "/status.d" : HOME;
  }

  @Override
  public List<Unreadable> packages(Consumer<InstalledPackage> packages) {
    DatabaseFiles reading = new DatabaseFiles(files);
    for (DpkgPackage known : stanzas(reading)) {
      if (known.unpacked()) {
        packages.accept(
            new InstalledPackage(
                "dpkg",
                known.name(),
                known.architecture(),
                known.version(),
                Optional.empty(),
                known.origin(),
                Optional.empty()));
      }
    }
    return reading.unreadable();
  }

  @Override
  public List<Unreadable> paths(Consumer<ShippedPath> paths) {
    DatabaseFiles reading = new DatabaseFiles(files);
    RealPaths real = reading.realPaths();
    Placement placement =
        new Placement(
            Diversions.parse(reading.content(HOME + "/diversions")),
            StatOverrides.parse(reading.content(HOME + "/statoverride")),
            filters(reading),
            reading.accounts(),
            real);
    PackageFiles reader = new PackageFiles(reading, placement);
    for (DpkgPackage known : stanzas(reading)) {
      if (distroless) {
        reader.distroless(known, paths);
      } else if (known.unpacked()) {
        reader.installed(known, paths);
      } else if (known.onlyConffiles()) {
        reader.removed(known, paths);
      }
    }
    new RecordedLinks(reading, real).read(paths);
    return reading.unreadable();
  }

  /** All stanzas; those of the journal replace those of the status file. */
  private Iterable<DpkgPackage> stanzas(DatabaseFiles reading) {
    Map<String, DpkgPackage> known = new LinkedHashMap<>();
    List<String> sources = new ArrayList<>();
    if (distroless) {
      for (String name : reading.names(HOME + "/status.d")) {
        if (!name.endsWith(".md5sums")) {
          sources.add(HOME + "/status.d/" + name);
        }
      }
    } else {
      sources.add(HOME + "/status");
      for (String name : reading.names(HOME + "/updates")) {
        if (name.matches("[0-9]+")) {
          sources.add(HOME + "/updates/" + name);
        }
      }
    }
    for (String source : sources) {
      StatusFile.parse(
          reading.content(source),
          found -> known.put(found.key(), found),
          sentence -> reading.malformed(source, sentence));
    }
    return known.values();
  }

  private PathFilters filters(DatabaseFiles reading) {
    PathFilters filters = new PathFilters();
    // In this order, as dpkg's load_config_files does.
    for (String name : reading.names("/etc/dpkg/dpkg.cfg.d")) {
      if (name.matches("[A-Za-z0-9_-]+")) {
        filters.add(reading.content("/etc/dpkg/dpkg.cfg.d/" + name));
      }
    }
    filters.add(reading.content("/etc/dpkg/dpkg.cfg"));
    return filters;
  }
}
