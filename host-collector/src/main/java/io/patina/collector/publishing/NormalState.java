package io.patina.collector.publishing;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is normal beside files and packages: kernel, units, mounts, os. Pure.
 *
 * <p>It begins as what is found at the first run. Later a fact moves along only where a package
 * explains it: the os-release fields when that file is as shipped; release, configuration and
 * modules when the running kernel is a packaged one; a unit when its file is as shipped.
 */
final class NormalState {
  private static final List<String> KERNEL_IMAGES =
      List.of("/boot/vmlinuz-%s", "/usr/lib/modules/%s", "/lib/modules/%s");
  private static final List<String> OS_RELEASES = List.of("/usr/lib/os-release", "/etc/os-release");

  private final Manifest current;
  private final Manifest shipped;

  /**
   * @param current everything observed now
   * @param shipped the files that the package databases state
   */
  NormalState(Manifest current, Manifest shipped) {
    this.current = current;
    this.shipped = shipped;
  }

  /** What is normal at the first run, in key order. */
  Collection<Entry> first() {
    return select(e -> true).values();
  }

  /** What is normal now, given what was before, in key order. */
  Collection<Entry> next(Iterable<Entry> before) {
    TreeMap<FactKey, Entry> normal = new TreeMap<>();
    before.forEach(e -> normal.put(e.key(), e));
    if (OS_RELEASES.stream().anyMatch(this::isAsShipped)) {
      replace(normal, e -> isIn(e, Facet.OS));
    }
    Optional<String> release = value(current, "release");
    if (release.isPresent() && isPackaged(release.get())) {
      replace(normal, NormalState::belongsToRelease);
      commandLine(normal);
    }
    units(normal);
    return normal.values();
  }

  private TreeMap<FactKey, Entry> select(Predicate<Entry> wanted) {
    TreeMap<FactKey, Entry> selected = new TreeMap<>();
    for (Entry e : current) {
      boolean beside = !isIn(e, Facet.FILE) && !isIn(e, Facet.PACKAGE);
      if (beside && !e.isGap() && wanted.test(e)) {
        selected.put(e.key(), e);
      }
    }
    return selected;
  }

  private void replace(TreeMap<FactKey, Entry> normal, Predicate<Entry> which) {
    TreeMap<FactKey, Entry> now = select(which);
    if (!now.isEmpty()) {
      normal.values().removeIf(which);
      normal.putAll(now);
    }
  }

  private static boolean belongsToRelease(Entry e) {
    if (!isIn(e, Facet.KERNEL)) {
      return false;
    }
    String key = e.key().name().toStringUtf8();
    return key.equals("release")
        || key.equals("version")
        || key.startsWith("config:")
        || key.startsWith("module:");
  }

  private boolean isPackaged(String release) {
    return KERNEL_IMAGES.stream()
        .map(p -> FactKey.file(ByteString.copyFromUtf8(String.format(p, release))))
        .anyMatch(k -> owner(shipped.find(k)).isPresent());
  }

  /** The boot loader names the kernel's file on the command line; nothing else may differ. */
  private void commandLine(TreeMap<FactKey, Entry> normal) {
    FactKey key = FactKey.of(Facet.KERNEL, "cmdline");
    Optional<Entry> now = current.find(key).filter(e -> !e.isGap());
    Entry before = normal.get(key);
    if (now.isPresent() && before != null && withoutImage(now.get()).equals(withoutImage(before))) {
      normal.put(key, now.get());
    }
  }

  private static String withoutImage(Entry commandLine) {
    String text = commandLine.attributes().shown(Attributes.VALUE).orElse("");
    return Arrays.stream(text.split(" ", -1))
        .filter(p -> !p.startsWith("BOOT_IMAGE="))
        .collect(Collectors.joining(" "));
  }

  private void units(TreeMap<FactKey, Entry> normal) {
    // Of a unit that a package has removed nothing is expected any more.
    normal
        .values()
        .removeIf(
            e ->
                isIn(e, Facet.UNIT)
                    && current.find(e.key()).isEmpty()
                    && fragment(e).isPresent()
                    && owner(shipped.find(fragment(e).get())).isEmpty());
    for (Entry unit : select(e -> isIn(e, Facet.UNIT)).values()) {
      Optional<FactKey> file = fragment(unit);
      if (file.isPresent() && isAsShipped(file.get())) {
        Entry before = normal.get(unit.key());
        normal.put(unit.key(), before == null ? unit : moved(before, unit));
      }
    }
  }

  /** The unit as it was, with what its file says now. */
  private static Entry moved(Entry before, Entry now) {
    Attributes.Builder attributes = new Attributes.Builder().all(before.attributes());
    for (String name : List.of("fragment", "fragment-path", "preset")) {
      now.attributes().get(name).ifPresent(v -> attributes.bytes(name, v));
    }
    return Entry.of(before.key(), attributes.build());
  }

  private static Optional<FactKey> fragment(Entry unit) {
    return unit.attributes()
        .get("fragment-path")
        .filter(p -> p.startsWith(ByteString.copyFromUtf8("/")))
        .map(FactKey::file);
  }

  private boolean isAsShipped(String path) {
    return isAsShipped(FactKey.file(ByteString.copyFromUtf8(path)));
  }

  /** Whether a package owns the file and its content is what the package shipped. */
  private boolean isAsShipped(FactKey file) {
    Optional<Entry> expected = merged(shipped, file);
    Optional<Entry> found = merged(current, file);
    if (owner(expected).isEmpty() || found.isEmpty() || found.get().isGap()) {
      return false;
    }
    Optional<ByteString> digest = expected.get().attributes().get(Attributes.SHA256);
    return digest.isPresent() && digest.equals(found.get().attributes().get(Attributes.SHA256));
  }

  /** On merged systems {@code /lib} is a link into {@code /usr}, and the file is known there. */
  private static Optional<Entry> merged(Manifest manifest, FactKey file) {
    ByteString lib = ByteString.copyFromUtf8("/lib/");
    return manifest
        .find(file)
        .or(
            () ->
                file.name().startsWith(lib)
                    ? manifest.find(
                        FactKey.file(ByteString.copyFromUtf8("/usr").concat(file.name())))
                    : Optional.empty());
  }

  private static Optional<String> owner(Optional<Entry> expected) {
    return expected.flatMap(e -> e.attributes().shown(Attributes.PACKAGE));
  }

  private static Optional<String> value(Manifest manifest, String kernelKey) {
    return manifest
        .find(FactKey.of(Facet.KERNEL, kernelKey))
        .filter(e -> !e.isGap())
        .flatMap(e -> e.attributes().shown(Attributes.VALUE));
  }

  private static boolean isIn(Entry entry, Facet facet) {
    return entry.key().facet().equals(facet.wireName());
  }

  /** Facts by key, for a manifest. */
  static Map<FactKey, Entry> byKey(Iterable<Entry> entries) {
    TreeMap<FactKey, Entry> all = new TreeMap<>();
    entries.forEach(e -> all.put(e.key(), e));
    return all;
  }
}
