package io.patina.collector.live;

import com.google.protobuf.ByteString;
import io.patina.collector.files.FileObserver;
import io.patina.collector.files.Harvest;
import io.patina.collector.files.TreeWalk;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.watching.Watching;
import java.time.Clock;
import java.util.SplittableRandom;

/** Scans of the files in scope, which watch every directory they enter, and what they remember. */
final class FileScans {
  private static final ByteString ROOT = ByteString.copyFromUtf8("/");

  private final Observed observed;
  private final Watching watching;
  private final HardLinks hardLinks;
  private final DigestTable digests;
  private final WalkProgress progress = new WalkProgress();

  FileScans(Observed observed, Watching watching, SplittableRandom random) {
    this.observed = observed;
    this.watching = watching;
    this.hardLinks = new HardLinks(watching::watchInode);
    this.digests = new DigestTable(Clock.systemUTC(), hardLinks, observed.readsMd5(), random);
  }

  HardLinks hardLinks() {
    return hardLinks;
  }

  WalkProgress progress() {
    return progress;
  }

  /** An observer of single paths for one thread, which remembers with the scans. */
  FileObserver observer() {
    return new FileObserver(observed.root(), observed.scope(), digests);
  }

  /** A walk with the mounts as they are now. */
  TreeWalk walk(int threads) {
    return new TreeWalk(
        observed.root(), observed.scope(), observed.mounts().get(), digests, threads, progress);
  }

  /**
   * Everything in scope, ascending.
   *
   * @param everyByte whether what was read before is read again
   */
  Harvest scan(int threads, boolean everyByte) {
    if (everyByte) {
      digests.clear();
    }
    return walk(threads).walk(ROOT, watching);
  }
}
