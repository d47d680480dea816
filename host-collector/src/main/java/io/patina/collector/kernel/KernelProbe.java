package io.patina.collector.kernel;

import com.google.protobuf.ByteString;
import io.patina.collector.files.Content;
import io.patina.collector.files.Names;
import io.patina.collector.files.RootFiles;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.facts.KernelFact;
import io.patina.scope.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Facts of the facet {@code kernel}, of the live system only. Nothing is loaded or asked to load;
 * in particular the module {@code configs} is not.
 */
public final class KernelProbe {
  private static final int SMALL = 256 * 1024;
  private static final int CONFIG = 4 * 1024 * 1024;

  private final RootFiles files;
  private final Scope scope;
  private final List<Entry> out = new ArrayList<>();

  public KernelProbe(RootFiles files, Scope scope) {
    this.files = files;
    this.scope = scope;
  }

  /** The facts, in no order. */
  public List<Entry> observe() {
    out.clear();
    value("release", "/proc/sys/kernel/osrelease");
    value("version", "/proc/sys/kernel/version");
    value("taint", "/proc/sys/kernel/tainted");
    switch (files.read("/proc/cmdline", SMALL)) {
      case Content.Present p -> fact("cmdline", CommandLine.redact(p.text()));
      case Content.Absent a -> gap("cmdline", Gap.UNAVAILABLE, false);
      case Content.Unreadable u -> gap("cmdline", u.reason(), false);
    }
    config();
    modules();
    new Sysctls(files, scope, this::fact, this::gap).observe();
    return List.copyOf(out);
  }

  private void value(String key, String path) {
    switch (files.read(path, SMALL)) {
      case Content.Present p -> fact(key, p.text().strip());
      case Content.Absent a -> gap(key, Gap.UNAVAILABLE, false);
      case Content.Unreadable u -> gap(key, u.reason(), false);
    }
  }

  /** In the order in which system-validators, node-feature-discovery and moby look. */
  private void config() {
    if (!(files.read("/proc/sys/kernel/osrelease", SMALL) instanceof Content.Present p)) {
      gap("config:", Gap.UNAVAILABLE, true);
      return;
    }
    String release = p.text().strip();
    List<String> paths =
        List.of(
            "/proc/config.gz",
            "/boot/config-" + release,
            "/usr/lib/modules/" + release + "/config",
            "/usr/lib/ostree-boot/config-" + release,
            "/usr/lib/kernel/config-" + release,
            "/usr/boot/config-" + release,
            "/usr/src/linux-" + release + "/.config",
            "/usr/src/linux-headers-" + release + "/.config",
            "/lib/modules/" + release + "/build/.config",
            "/boot/config",
            "/usr/src/linux/.config");
    for (String path : paths) {
      Optional<KernelConfig> config = config(path);
      boolean named = path.startsWith("/proc/") || path.contains(release);
      if (config.isPresent() && config.get().suits(release, named)) {
        config.get().values().forEach((k, v) -> fact("config:" + k, v));
        return;
      }
    }
    gap("config:", Gap.UNAVAILABLE, true);
  }

  private Optional<KernelConfig> config(String path) {
    if (!(files.read(path, CONFIG) instanceof Content.Present present)) {
      return Optional.empty();
    }
    if (!path.endsWith(".gz")) {
      return Optional.of(KernelConfig.parse(present.text()));
    }
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(present.bytes().toByteArray()))) {
      return Optional.of(
          KernelConfig.parse(new String(in.readNBytes(CONFIG), StandardCharsets.UTF_8)));
    } catch (IOException notGzip) {
      // The next path may have it; if none has, the gap says so.
      return Optional.empty();
    }
  }

  private void modules() {
    switch (files.read("/proc/modules", CONFIG)) {
      case Content.Present p -> {
        for (String line : p.text().split("\n", -1)) {
          int space = line.indexOf(' ');
          if (space > 0) {
            module(line.substring(0, space));
          }
        }
      }
      // A kernel without modules.
      case Content.Absent a -> {}
      case Content.Unreadable u -> gap("module:", u.reason(), true);
    }
  }

  private void module(String name) {
    String source =
        files.read("/sys/module/" + name + "/srcversion", SMALL) instanceof Content.Present p
            ? p.text().strip()
            : "";
    fact("module:" + name, source.isEmpty() ? "loaded" : source);
  }

  private void fact(String key, String value) {
    out.add(Entry.of(new KernelFact(FactKey.of(Facet.KERNEL, key), Attributes.value(value))));
  }

  private void gap(String key, String reason, boolean prefix) {
    out.add(
        Entry.of(new Gap(FactKey.of(Facet.KERNEL, ByteString.copyFromUtf8(key)), prefix, reason)));
  }

  /** Receives a key and its value. */
  interface Facts {
    void fact(String key, String value);
  }

  /** Receives a key that could not be observed. */
  interface Gaps {
    void gap(String key, String reason, boolean prefix);
  }

  /** Names in a directory, nothing if it cannot be listed. */
  static List<Names.Name> names(RootFiles files, String path) {
    return files.list(path) instanceof Names.Present p ? p.names() : List.of();
  }
}
