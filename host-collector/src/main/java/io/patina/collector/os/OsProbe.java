package io.patina.collector.os;

import io.patina.collector.files.Content;
import io.patina.collector.files.RootFiles;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.facts.OsFact;
import java.util.List;

/** Facts of the facet {@code os}: one per field of {@code /etc/os-release}. */
public final class OsProbe {
  private static final int MOST = 64 * 1024;
  private static final List<String> PATHS = List.of("/etc/os-release", "/usr/lib/os-release");

  private final RootFiles files;

  public OsProbe(RootFiles files) {
    this.files = files;
  }

  /** The fields; nothing if the system has no such file; a gap at {@code ID} if unreadable. */
  public List<Entry> observe() {
    for (String path : PATHS) {
      switch (files.read(path, MOST)) {
        case Content.Present present -> {
          return facts(present.text());
        }
        case Content.Absent absent -> {
          // The second path is the vendor's file, there even where /etc is empty.
        }
        case Content.Unreadable unreadable -> {
          return List.of(Entry.of(new Gap(key("ID"), false, unreadable.reason())));
        }
      }
    }
    return List.of();
  }

  static List<Entry> facts(String text) {
    return OsRelease.parse(text).entrySet().stream()
        .map(f -> Entry.of(new OsFact(key(f.getKey()), Attributes.value(f.getValue()))))
        .toList();
  }

  private static FactKey key(String field) {
    return FactKey.of(Facet.OS, field);
  }
}
