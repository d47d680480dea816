package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import io.patina.collector.inventory.DatabaseFiles;
import io.patina.collector.inventory.RealPaths;
import io.patina.collector.inventory.ShippedDigest;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Kind;
import io.patina.collector.inventory.ShippedPath.Trait;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What maintainer scripts made and Debian's own tools recorded: the links of update-alternatives
 * and deb-systemd-helper, the configuration files of ucf.
 */
final class RecordedLinks {

  private static final ByteString ETC_ALTERNATIVES = ByteString.copyFromUtf8("/etc/alternatives/");
  private static final ByteString UNITS = ByteString.copyFromUtf8("/lib/systemd/");
  private static final String SYSTEMD = "/var/lib/systemd/";

  private final DatabaseFiles files;
  private final RealPaths real;

  RecordedLinks(DatabaseFiles files, RealPaths real) {
    this.files = files;
    this.real = real;
  }

  void read(Consumer<ShippedPath> paths) {
    String home = DpkgDatabase.HOME + "/alternatives";
    for (String name : files.names(home)) {
      ByteString bytes = files.content(home + "/" + name);
      Optional<Alternatives> group = Alternatives.parse(bytes);
      if (group.isPresent()) {
        alternatives(name, group.get(), paths);
      } else {
        files.malformed(home + "/" + name, "the alternatives " + name + " are malformed");
      }
    }
    enabled("deb-systemd-helper-enabled", "system", paths);
    enabled("deb-systemd-user-helper-enabled", "user", paths);
    masked("deb-systemd-helper-masked", "system", paths);
    masked("deb-systemd-user-helper-masked", "user", paths);
    ucf(paths);
  }

  private void alternatives(String name, Alternatives group, Consumer<ShippedPath> paths) {
    ByteString own = ETC_ALTERNATIVES.concat(TextLines.bytes(name));
    Optional<Alternatives.Choice> choice = group.inForce(files.link(real.of(own)));
    if (choice.isEmpty()) {
      return;
    }
    String owner = "alternatives:" + name;
    paths.accept(link(group.link(), owner, own));
    paths.accept(link(own, owner, choice.get().path()));
    int i = 0;
    for (Map.Entry<String, ByteString> slave : group.slaves().entrySet()) {
      ByteString target = choice.get().slaves().get(i++);
      // update-alternatives makes no link to a slave that is not there, a filtered manual page say.
      if (!target.isEmpty() && present(target)) {
        ByteString middle = ETC_ALTERNATIVES.concat(TextLines.bytes(slave.getKey()));
        paths.accept(link(slave.getValue(), owner, middle));
        paths.accept(link(middle, owner, target));
      }
    }
  }

  private boolean present(ByteString path) {
    return files.exists(path);
  }

  /**
   * {@code UNIT.dsh-also} lists the links that enabling the unit makes; an empty file at the same
   * place below the state directory says that one was made.
   */
  private void enabled(String state, String bus, Consumer<ShippedPath> paths) {
    Map<ByteString, Set<String>> unitsOfLink = new LinkedHashMap<>();
    for (String name : files.names(SYSTEMD + state)) {
      if (name.endsWith(".dsh-also")) {
        String unit = name.substring(0, name.length() - ".dsh-also".length());
        TextLines.each(
            files.content(SYSTEMD + state + "/" + name),
            line -> unitsOfLink.computeIfAbsent(line, _ -> new LinkedHashSet<>()).add(unit));
      }
    }
    String prefix = "/etc/systemd/" + bus + "/";
    unitsOfLink.forEach(
        (link, units) -> {
          String at = link.toStringUtf8();
          if (at.startsWith(prefix)
              && files.exists(SYSTEMD + state + "/" + at.substring(prefix.length()))) {
            String unit = unit(link, units, bus);
            ByteString fragment = fragment(bus, unit);
            ByteString current = files.link(real.of(link)).orElse(fragment);
            boolean same = real.of(current).equals(real.of(fragment));
            paths.accept(link(link, "deb-systemd-helper:" + unit, same ? current : fragment));
          }
        });
  }

  /**
   * The unit that a link is for. Several may list it, because {@code Also=} makes one unit list the
   * links of another: the one of the link's own name, else the one it leads to, else the first.
   */
  private String unit(ByteString link, Set<String> units, String bus) {
    String path = link.toStringUtf8();
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (units.contains(name)) {
      return name;
    }
    Optional<ByteString> current = files.link(real.of(link)).map(real::of);
    return units.stream()
        .filter(u -> current.filter(real.of(fragment(bus, u))::equals).isPresent())
        .findFirst()
        .orElse(units.iterator().next());
  }

  private static ByteString fragment(String bus, String unit) {
    return UNITS.concat(ByteString.copyFromUtf8(bus + "/" + unit));
  }

  private void masked(String state, String bus, Consumer<ShippedPath> paths) {
    for (String unit : files.names(SYSTEMD + state)) {
      paths.accept(
          link(
                  ByteString.copyFromUtf8("/etc/systemd/" + bus + "/" + unit),
                  "deb-systemd-helper:" + unit,
                  ByteString.copyFromUtf8("/dev/null"))
              .with(Trait.OPTIONAL));
    }
  }

  /** Ucf records, as dpkg does for conffiles, the digest of the maintainer's version. */
  private void ucf(Consumer<ShippedPath> paths) {
    Map<ByteString, String> owners = new HashMap<>();
    TextLines.each(
        files.content("/var/lib/ucf/registry"),
        line -> {
          String[] words = TextLines.text(line).strip().split("\\s+", 2);
          if (words.length == 2) {
            owners.put(TextLines.bytes(words[1]), words[0]);
          }
        });
    Md5Sums.parse(files.content("/var/lib/ucf/hashfile"))
        .digests()
        .forEach(
            (path, md5) ->
                paths.accept(
                    ShippedPath.bare(
                            real.of(path), "ucf:" + owners.getOrDefault(path, "unknown"), Kind.FILE)
                        .withDigest(new ShippedDigest(ShippedDigest.Algorithm.MD5, md5))
                        .with(Trait.CONFIG)
                        .with(Trait.OPTIONAL)));
  }

  private ShippedPath link(ByteString path, String owner, ByteString target) {
    return ShippedPath.bare(real.of(path), owner, Kind.LINK).withTarget(target);
  }
}
