package io.patina.collector.capture;

import com.google.protobuf.ByteString;
import io.patina.collector.files.RootFiles;
import io.patina.collector.inventory.InstalledPackage;
import io.patina.collector.inventory.PackageDatabase;
import io.patina.collector.inventory.Unreadable;
import io.patina.collector.packages.PackageDatabases;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.facts.PackageFact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Facts of the facet {@code package}: one per name and architecture, with all its versions. */
public final class PackageProbe {
  private final RootFiles files;

  public PackageProbe(RootFiles files) {
    this.files = files;
  }

  /** The facts and gaps, in no order. */
  public List<Entry> observe() {
    List<Entry> out = new ArrayList<>();
    for (PackageDatabase database : PackageDatabases.in(files).databases()) {
      TreeMap<String, List<InstalledPackage>> byKey = new TreeMap<>();
      List<Unreadable> unreadable =
          database.packages(p -> byKey.computeIfAbsent(p.key(), k -> new ArrayList<>()).add(p));
      byKey.forEach(
          (key, versions) ->
              out.add(
                  Entry.of(new PackageFact(FactKey.of(Facet.PACKAGE, key), attributes(versions)))));
      if (!unreadable.isEmpty()) {
        out.add(
            Entry.of(
                new Gap(
                    FactKey.of(Facet.PACKAGE, database.manager() + ":"),
                    true,
                    unreadable.getFirst().reason())));
      }
    }
    return out;
  }

  private static Attributes attributes(List<InstalledPackage> versions) {
    List<InstalledPackage> sorted =
        versions.stream().sorted(Comparator.comparing(InstalledPackage::version)).toList();
    Attributes.Builder out =
        new Attributes.Builder()
            .text(
                "versions",
                sorted.stream()
                    .map(InstalledPackage::version)
                    .distinct()
                    .collect(Collectors.joining(" ")));
    ByteString headers =
        sorted.stream()
            .flatMap(p -> p.header().stream())
            .reduce(ByteString.EMPTY, ByteString::concat);
    if (!headers.isEmpty()) {
      out.bytes("header", headers);
    }
    sorted.getFirst().vendor().ifPresent(v -> out.text("vendor", v));
    return out.build();
  }
}
