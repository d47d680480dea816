package io.patina.imports.components;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.imports.Gathering;
import io.patina.imports.InvalidImportException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Packages by key, with all versions of each, until a whole list has been read. */
final class Packages {

  /** What a list of components does not say. */
  static final List<String> CANNOT_KNOW =
      List.of(
          "files, units, kernel and mounts: a list of components states packages",
          "packages of other kinds than deb and rpm, which no collector here reads from a host");

  private final Gathering gathering;
  private final Map<String, TreeSet<String>> versions = new TreeMap<>();
  private final Map<String, String> vendors = new TreeMap<>();
  private final Map<String, ByteString> headers = new TreeMap<>();

  Packages(Gathering gathering) {
    this.gathering = gathering;
  }

  /**
   * @param vendor empty if not stated
   * @param header digest of the package's header; empty if not stated
   */
  void add(PackageUrl url, String vendor, ByteString header, String where)
      throws InvalidImportException {
    if (versions.size() >= gathering.limits().entries()) {
      throw new InvalidImportException(
          where + ": more than " + gathering.limits().entries() + " packages are not read");
    }
    String key = url.key();
    versions.computeIfAbsent(key, k -> new TreeSet<>()).add(url.fullVersion());
    if (!vendor.isEmpty()) {
      vendors.putIfAbsent(key, vendor);
    }
    if (!header.isEmpty()) {
      headers.putIfAbsent(key, header);
    }
  }

  void finish() throws InvalidImportException {
    for (Map.Entry<String, TreeSet<String>> p : versions.entrySet()) {
      Attributes.Builder out =
          new Attributes.Builder().text("versions", String.join(" ", p.getValue()));
      String vendor = vendors.get(p.getKey());
      if (vendor != null) {
        out.text("vendor", vendor);
      }
      ByteString header = headers.get(p.getKey());
      if (header != null) {
        out.bytes("header", header);
      }
      try {
        gathering.add(FactKey.of(Facet.PACKAGE, p.getKey()), out.build(), "a package");
      } catch (IllegalArgumentException e) {
        throw new InvalidImportException("a package: " + e.getMessage(), e);
      }
    }
  }
}
