package io.patina.collector.units;

import com.google.protobuf.ByteString;
import io.patina.collector.files.Content;
import io.patina.collector.files.Names;
import io.patina.collector.files.RootFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the unit directories of a root; systemd.unit(5), "UNIT FILE LOAD PATH". */
final class UnitFiles {
  private static final int MOST = 1 << 20;

  /** First has precedence. Transient units are left out: they are made by whoever runs them. */
  private static final List<String> DIRECTORIES =
      List.of(
          "/etc/systemd/system.control",
          "/run/systemd/system.control",
          "/run/systemd/generator.early",
          "/etc/systemd/system",
          "/run/systemd/system",
          "/run/systemd/generator",
          "/usr/local/lib/systemd/system",
          "/usr/lib/systemd/system",
          "/lib/systemd/system",
          "/run/systemd/generator.late");

  private final RootFiles files;
  private final Map<String, String> paths = new LinkedHashMap<>();
  private final Map<String, List<String>> dropInDirectories = new HashMap<>();
  private final Map<String, String> enabled = new HashMap<>();
  private final Set<String> wanted = new HashSet<>();
  private final Map<String, String> unreadable = new TreeMap<>();

  private UnitFiles(RootFiles files) {
    this.files = files;
  }

  /** Lists the directories. Files in {@code /run} count only where the root is the running one. */
  static UnitFiles of(RootFiles files) {
    UnitFiles found = new UnitFiles(files);
    for (String directory : DIRECTORIES) {
      if (files.root().isLive() || !directory.startsWith("/run/")) {
        found.list(directory);
      }
    }
    return found;
  }

  private void list(String directory) {
    switch (files.list(directory)) {
      case Names.Absent absent -> {
        // Most of them are, on most systems.
      }
      case Names.Unreadable u -> unreadable.put(directory, u.reason());
      case Names.Present present -> {
        for (Names.Name name : present.names()) {
          entry(directory, name.text());
        }
      }
    }
  }

  private void entry(String directory, String name) {
    String path = directory + "/" + name;
    if (name.endsWith(".d")) {
      dropInDirectories.computeIfAbsent(name, n -> new ArrayList<>()).add(path);
    } else if (name.endsWith(".wants") || name.endsWith(".requires") || name.endsWith(".upholds")) {
      links(directory, path);
    } else if (new UnitName(name).isObserved()) {
      paths.putIfAbsent(name, path);
    }
  }

  /** Units that are wanted by a link there; the vendor's own links do not make one "enabled". */
  private void links(String directory, String path) {
    boolean vendor = directory.startsWith("/usr/lib/") || directory.startsWith("/lib/");
    if (files.list(path) instanceof Names.Present present) {
      for (Names.Name name : present.names()) {
        wanted.add(name.text());
        if (vendor) {
          continue;
        }
        String state = directory.startsWith("/run/") ? "enabled-runtime" : "enabled";
        enabled.putIfAbsent(name.text(), state);
        // As systemctl has it, a template is enabled where a link to one of its instances is.
        new UnitName(name.text()).template().ifPresent(t -> enabled.putIfAbsent(t.whole(), state));
      }
    }
  }

  /** Directories that could not be listed, with the reason. */
  Map<String, String> unreadable() {
    return unreadable;
  }

  SortedSet<String> names() {
    TreeSet<String> names = new TreeSet<>(paths.keySet());
    // Instances that exist by a link alone.
    enabled.keySet().stream()
        .filter(n -> new UnitName(n).isInstance() && new UnitName(n).isObserved())
        .forEach(names::add);
    return names;
  }

  /** {@code enabled} or {@code enabled-runtime}, if a link says so. */
  Optional<String> linked(String unit) {
    return Optional.ofNullable(enabled.get(unit));
  }

  /** Whether another unit pulls it in by a link, the vendor's own included. */
  boolean isWanted(String unit) {
    return wanted.contains(unit);
  }

  /** The unit, or for an instance its template. */
  Optional<UnitFile> get(UnitName unit) {
    String own = paths.get(unit.whole());
    String path = own != null ? own : unit.template().map(t -> paths.get(t.whole())).orElse(null);
    if (path == null) {
      return Optional.empty();
    }
    Optional<String> target = files.link(path).map(ByteString::toStringUtf8);
    ByteString content =
        files.read(path, MOST) instanceof Content.Present p ? p.bytes() : ByteString.EMPTY;
    boolean masked =
        target.filter("/dev/null"::equals).isPresent() || (target.isEmpty() && content.isEmpty());
    Optional<String> alias =
        target
            .map(t -> t.substring(t.lastIndexOf('/') + 1))
            .filter(t -> !masked && new UnitName(t).isObserved() && !isSame(t, path));
    return Optional.of(
        new UnitFile(path, masked, alias, masked ? ByteString.EMPTY : content, dropIns(unit)));
  }

  private static boolean isSame(String target, String path) {
    return path.endsWith("/" + target);
  }

  private SortedMap<String, ByteString> dropIns(UnitName unit) {
    SortedMap<String, ByteString> dropIns = new TreeMap<>();
    for (String directoryName : dropInNames(unit)) {
      for (String directory : dropInDirectories.getOrDefault(directoryName, List.of())) {
        if (files.list(directory) instanceof Names.Present present) {
          for (Names.Name name : present.names()) {
            boolean wanted = name.text().endsWith(".conf") && !dropIns.containsKey(name.text());
            if (wanted
                && files.read(directory + "/" + name.text(), MOST) instanceof Content.Present p) {
              dropIns.put(name.text(), p.bytes());
            }
          }
        }
      }
    }
    return dropIns;
  }

  /** Most specific first: the unit, its template, prefixes that end in a dash, the type. */
  private static List<String> dropInNames(UnitName unit) {
    List<String> names = new ArrayList<>(List.of(unit.whole() + ".d"));
    unit.template().ifPresent(t -> names.add(t.whole() + ".d"));
    String stem = unit.stem();
    for (int dash = stem.lastIndexOf('-', stem.length() - 2);
        dash > 0;
        dash = stem.lastIndexOf('-', dash - 1)) {
      names.add(stem.substring(0, dash + 1) + "." + unit.type() + ".d");
    }
    names.add(unit.type() + ".d");
    return names;
  }
}
