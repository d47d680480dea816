package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import io.patina.collector.dpkg.DpkgPackage.Conffile;
import io.patina.collector.inventory.DatabaseFiles;
import io.patina.collector.inventory.ShippedDigest;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Kind;
import io.patina.collector.inventory.ShippedPath.Trait;
import io.patina.facts.Gap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The paths of one package, from its {@code .list}, its {@code .md5sums} and its conffiles. */
final class PackageFiles {

  private static final String INFO = DpkgDatabase.HOME + "/info/";

  private final DatabaseFiles files;
  private final Placement placement;

  PackageFiles(DatabaseFiles files, Placement placement) {
    this.files = files;
    this.placement = placement;
  }

  /** A package whose files are on the system. */
  void installed(DpkgPackage known, Consumer<ShippedPath> paths) {
    Optional<ByteString> list = info(known, "list");
    if (list.isEmpty()) {
      files.note(
          known.key(), Gap.UNAVAILABLE, "the list of files of " + known.name() + " is missing");
      return;
    }
    Set<ByteString> listed = new LinkedHashSet<>();
    TextLines.each(
        list.get(),
        line -> {
          if (!line.isEmpty() && line.size() <= Listed.MAX_BYTES) {
            listed.add(line.toStringUtf8().equals("/.") ? Listed.parent(line) : line);
          }
        });
    Md5Sums digests = Md5Sums.parse(info(known, "md5sums").orElse(ByteString.EMPTY));
    if (digests.malformed() > 0) {
      files.malformed(
          known.key(),
          digests.malformed() + " lines of the md5sums of " + known.name() + " are malformed");
    }
    state(known, listed, digests.digests(), paths);
  }

  /** A distroless package: its md5sums list its files, nothing else does. */
  void distroless(DpkgPackage known, Consumer<ShippedPath> paths) {
    ByteString sums = files.content(DpkgDatabase.HOME + "/status.d/" + known.name() + ".md5sums");
    Map<ByteString, ByteString> digests = Md5Sums.parse(sums).digests();
    state(known, digests.keySet(), digests, paths);
  }

  /** A removed package: its configuration files may stay until it is purged. */
  void removed(DpkgPackage known, Consumer<ShippedPath> paths) {
    for (Conffile conffile : known.conffiles()) {
      paths.accept(
          placement.place(
              conffile.path(), known.name(), conffile(known, conffile).with(Trait.OPTIONAL)));
    }
  }

  private void state(
      DpkgPackage known,
      Set<ByteString> listed,
      Map<ByteString, ByteString> digests,
      Consumer<ShippedPath> paths) {
    Map<ByteString, Conffile> conffiles = new HashMap<>();
    known.conffiles().forEach(c -> conffiles.put(c.path(), c));
    Set<ByteString> parents = new HashSet<>();
    for (ByteString path : listed) {
      parents.add(Listed.parent(path));
    }
    for (ByteString path : listed) {
      Conffile conffile = conffiles.remove(path);
      ByteString md5 = digests.get(path);
      ShippedPath stated;
      if (conffile != null) {
        stated = conffile(known, conffile);
      } else if (md5 != null) {
        stated = file(path, known, md5);
      } else {
        Kind kind = parents.contains(path) ? Kind.DIRECTORY : Kind.UNSTATED;
        stated = ShippedPath.bare(path, known.key(), kind);
      }
      paths.accept(placement.place(path, known.name(), stated));
    }
    for (Conffile conffile : conffiles.values()) {
      // Known to dpkg but no longer listed: it may be there.
      ShippedPath stated = conffile(known, conffile).with(Trait.OPTIONAL);
      paths.accept(placement.place(conffile.path(), known.name(), stated));
    }
  }

  private static ShippedPath conffile(DpkgPackage known, Conffile conffile) {
    ShippedPath stated =
        ShippedPath.bare(conffile.path(), known.key(), Kind.FILE).with(Trait.CONFIG);
    if (conffile.md5().isPresent()) {
      stated = stated.withDigest(md5(conffile.md5().get()));
    } else {
      // Still being set up: dpkg has not placed it yet.
      stated = stated.with(Trait.OPTIONAL);
    }
    return conffile.obsolete() ? stated.with(Trait.OPTIONAL) : stated;
  }

  private static ShippedPath file(ByteString path, DpkgPackage known, ByteString md5) {
    return ShippedPath.bare(path, known.key(), Kind.FILE).withDigest(md5(md5));
  }

  private static ShippedDigest md5(ByteString value) {
    return new ShippedDigest(ShippedDigest.Algorithm.MD5, value);
  }

  private Optional<ByteString> info(DpkgPackage known, String what) {
    String qualified = INFO + known.name() + ":" + known.architecture() + "." + what;
    String plain = INFO + known.name() + "." + what;
    boolean same = known.sameArchitecture();
    return files.read(same ? qualified : plain).or(() -> files.read(same ? plain : qualified));
  }
}
