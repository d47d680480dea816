package io.patina.collector.capture;

import com.google.protobuf.ByteString;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.RootFiles;
import io.patina.collector.files.TreeWalk;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.kernel.KernelProbe;
import io.patina.collector.mounts.MountProbe;
import io.patina.collector.mounts.MountTable;
import io.patina.collector.os.OsProbe;
import io.patina.collector.units.UnitProbe;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import io.patina.scope.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** One complete observation of a root: every facet of the scope, to a manifest. */
public final class Capture {
  private static final Path PROC = Path.of("/proc");

  private final RootDirectory root;
  private final Scope scope;
  private final KnownVersions known;
  private final int threads;
  private final WalkProgress progress;

  public Capture(
      RootDirectory root, Scope scope, KnownVersions known, int threads, WalkProgress progress) {
    this.root = root;
    this.scope = scope;
    this.known = known;
    this.threads = threads;
    this.progress = progress;
  }

  /** Observes everything now. */
  public Manifest run() {
    ManifestBuilder manifest = new ManifestBuilder(scope.digest());
    // "file" sorts before every other facet.
    if (scope.observes(Facet.FILE)) {
      new TreeWalk(root, scope, mounts(), known, threads, progress).walk().drainTo(manifest::add);
    }
    TreeMap<FactKey, Entry> others = new TreeMap<>();
    for (Entry entry : others()) {
      others.putIfAbsent(entry.key(), entry);
    }
    others.values().forEach(manifest::add);
    return manifest.build();
  }

  private MountTable mounts() {
    return new MountProbe(PROC).own().under(ByteString.copyFromUtf8(root.path()));
  }

  private List<Entry> others() {
    return OTHERS.stream().filter(scope::observes).flatMap(f -> observe(f).stream()).toList();
  }

  private static final List<Facet> OTHERS =
      List.of(Facet.KERNEL, Facet.MOUNT, Facet.OS, Facet.PACKAGE, Facet.UNIT);

  /**
   * The present entries of one facet other than {@link Facet#FILE}, in no order; nothing for one
   * that does not apply to this root.
   */
  public List<Entry> observe(Facet facet) {
    RootFiles files = new RootFiles(root);
    return switch (facet) {
      case FILE -> List.of();
      case KERNEL -> root.isLive() ? new KernelProbe(files, scope).observe() : List.of();
      case MOUNT -> root.isLive() ? new MountProbe(PROC).observe() : List.of();
      case OS -> new OsProbe(files).observe();
      case PACKAGE -> new PackageProbe(files).observe();
      case UNIT -> new UnitProbe(files).observe();
    };
  }
}
