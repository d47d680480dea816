package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import io.patina.collector.inventory.Accounts;
import io.patina.collector.inventory.InstalledPackage;
import io.patina.collector.inventory.PackageDatabase;
import io.patina.collector.inventory.RealPaths;
import io.patina.collector.inventory.RootFiles;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.Unreadable;
import io.patina.facts.Gap;
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
    if (!(files.stat(HOME + "/status") instanceof RootFiles.Presence.Absent)) {
      return Optional.of(new DpkgDatabase(files, false));
    }
    return files.stat(HOME + "/status.d") instanceof RootFiles.Presence.Absent
        ? Optional.empty()
        : Optional.of(new DpkgDatabase(files, true));
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
    List<Unreadable> unreadable = new ArrayList<>();
    for (DpkgPackage known : stanzas(unreadable)) {
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
    return unreadable;
  }

  @Override
  public List<Unreadable> paths(Consumer<ShippedPath> paths) {
    List<Unreadable> unreadable = new ArrayList<>();
    RealPaths real = new RealPaths(files::link);
    Placement placement =
        new Placement(
            Diversions.parse(content(HOME + "/diversions", unreadable)),
            StatOverrides.parse(content(HOME + "/statoverride", unreadable)),
            filters(unreadable),
            Accounts.read(files),
            real);
    PackageFiles reader = new PackageFiles(files, placement);
    for (DpkgPackage known : stanzas(unreadable)) {
      if (distroless) {
        reader.distroless(known, paths, unreadable);
      } else if (known.unpacked()) {
        reader.installed(known, paths, unreadable);
      } else if (known.onlyConffiles()) {
        reader.removed(known, paths);
      }
    }
    new RecordedLinks(files, real).read(paths, unreadable);
    return unreadable;
  }

  /** All stanzas; those of the journal replace those of the status file. */
  private Iterable<DpkgPackage> stanzas(List<Unreadable> unreadable) {
    Map<String, DpkgPackage> known = new LinkedHashMap<>();
    List<String> sources = new ArrayList<>();
    if (distroless) {
      for (String name : names(HOME + "/status.d", unreadable)) {
        if (!name.endsWith(".md5sums")) {
          sources.add(HOME + "/status.d/" + name);
        }
      }
    } else {
      sources.add(HOME + "/status");
      for (String name : names(HOME + "/updates", unreadable)) {
        if (name.matches("[0-9]+")) {
          sources.add(HOME + "/updates/" + name);
        }
      }
    }
    for (String source : sources) {
      StatusFile.parse(
          content(source, unreadable),
          found -> known.put(found.key(), found),
          sentence -> unreadable.add(new Unreadable(source, Gap.MALFORMED, sentence)));
    }
    return known.values();
  }

  private PathFilters filters(List<Unreadable> unreadable) {
    PathFilters filters = new PathFilters();
    // In this order, as dpkg's load_config_files does.
    for (String name : names("/etc/dpkg/dpkg.cfg.d", unreadable)) {
      if (name.matches("[A-Za-z0-9_-]+")) {
        filters.add(content("/etc/dpkg/dpkg.cfg.d/" + name, unreadable));
      }
    }
    filters.add(content("/etc/dpkg/dpkg.cfg", unreadable));
    return filters;
  }

  private ByteString content(String path, List<Unreadable> unreadable) {
    return switch (files.read(path)) {
      case RootFiles.Content.Present present -> present.bytes();
      case RootFiles.Content.Absent _ -> ByteString.EMPTY;
      case RootFiles.Content.Failed failed -> {
        unreadable.add(failed.why());
        yield ByteString.EMPTY;
      }
    };
  }

  private List<String> names(String directory, List<Unreadable> unreadable) {
    return switch (files.list(directory)) {
      case RootFiles.Names.Present present -> present.names();
      case RootFiles.Names.Absent _ -> List.of();
      case RootFiles.Names.Failed failed -> {
        unreadable.add(failed.why());
        yield List.of();
      }
    };
  }
}
