package io.patina.collector.live;

import com.google.protobuf.ByteString;
import io.patina.collector.files.FileObserver;
import io.patina.collector.files.Harvest;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.files.Pace;
import io.patina.collector.files.TreeWalk;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.reports.KnownFacts;
import io.patina.collector.scanning.Budget;
import io.patina.collector.scanning.Difference;
import io.patina.collector.scanning.FullCompares;
import io.patina.collector.scanning.Remembered;
import io.patina.collector.scanning.VersionFile;
import io.patina.collector.scanning.VersionTable;
import io.patina.collector.watching.Watching;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scans of the files in scope, which watch every directory they enter, and what they remember. */
final class FileScans {
  private static final Logger LOG = LoggerFactory.getLogger(FileScans.class);
  private static final ByteString ROOT = ByteString.copyFromUtf8("/");

  /** What a kill may cost: looking again at what changed in the last hour. */
  private static final long SAVE_NANOS = 3600L * 1_000_000_000;

  private final Observed observed;
  private final Watching watching;
  private final ScanPolicy policy;
  private final HardLinks hardLinks;
  private final VersionTable versions;
  private final Optional<VersionFile> file;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final FullCompares fullCompares;
  private final Budget budget;
  private final WalkProgress progress = new WalkProgress();
  private final AtomicLong count = new AtomicLong();
  private volatile double seconds;
  private volatile long lastFullCompareMicros;
  private volatile long savedNanos;

  FileScans(
      Observed observed,
      Watching watching,
      ScanPolicy policy,
      ByteString installation,
      Timing timing,
      SplittableRandom random) {
    this.observed = observed;
    this.watching = watching;
    this.policy = policy;
    this.hardLinks = new HardLinks(watching::watchInode);
    this.versions = new VersionTable(Clock.systemUTC(), hardLinks::seen, random.nextLong());
    this.file =
        policy.versions().map(f -> new VersionFile(f, installation, observed.scope().digest()));
    this.fullCompares = new FullCompares(installation, timing.rehash());
    this.budget = new Budget(policy.cpuShare(), policy.bytesPerSecond());
  }

  /** The next scan reads every byte, whenever the last one that did was. From any thread. */
  void readEveryByte() {
    asked.set(true);
  }

  HardLinks hardLinks() {
    return hardLinks;
  }

  VersionTable versions() {
    return versions;
  }

  WalkProgress progress() {
    return progress;
  }

  long count() {
    return count.get();
  }

  /** What the last scan took. */
  double seconds() {
    return seconds;
  }

  /** How long scans were held up to keep to their budget. */
  double heldUpSeconds() {
    return budget.sleptNanos() / 1e9;
  }

  /** End of the last scan that read every byte, microseconds since the epoch; 0 for never. */
  long lastFullCompareMicros() {
    return lastFullCompareMicros;
  }

  /** An observer of single paths for one thread, which looks at everything it is asked for. */
  FileObserver observer() {
    return new FileObserver(observed.root(), observed.scope(), lookingAgain());
  }

  /** Notices are only given where something may have changed in ways that stat does not tell. */
  private KnownVersions lookingAgain() {
    return new KnownVersions() {
      @Override
      public boolean unchanged(ByteString path, io.patina.collector.syscalls.Stat now) {
        if (now.isRegular()) {
          hardLinks.seen(path, now);
        }
        return false;
      }

      @Override
      public long version(ByteString path, io.patina.collector.syscalls.Stat seen) {
        return versions.version(path, seen);
      }
    };
  }

  /** Looks at what is at and below a path, as fast as it goes. */
  void tree(ByteString path, Difference difference) {
    walk(versions, 1).walk(path, watching, () -> difference, Pace.FULL);
  }

  /** A walk with the mounts as they are now. */
  TreeWalk now() {
    return walk(versions, 1);
  }

  private TreeWalk walk(KnownVersions known, int threads) {
    return new TreeWalk(
        observed.root(), observed.scope(), observed.mounts().get(), known, threads, progress);
  }

  /**
   * Everything in scope, ascending. What an earlier start left on disk stands for what has not
   * changed since, unless every byte is due.
   *
   * @param last facts that an earlier start kept
   */
  void first(int threads, Optional<Manifest> last, long nowMicros, ManifestBuilder into) {
    long start = System.nanoTime();
    boolean remembers = last.isPresent() && remembers(nowMicros);
    if (!remembers) {
      versions.clear();
    }
    Remembered remembered =
        new Remembered(
            versions, last.orElseGet(() -> Manifest.of(observed.scope().digest(), List.of())));
    List<Harvest.Basket> baskets = new ArrayList<>();
    walk(remembers ? remembered : versions, threads)
        .walk(
            ROOT,
            watching,
            () -> {
              Harvest.Basket basket = new Harvest.Basket(policy.scratch());
              baskets.add(basket);
              return remembered.into(basket);
            },
            Pace.FULL);
    Harvest.of(baskets).drainTo(into::add);
    scanned(start, remembers ? lastFullCompareMicros : nowMicros);
  }

  private boolean remembers(long nowMicros) {
    if (file.isEmpty()) {
      return false;
    }
    switch (file.get().read(versions)) {
      case VersionFile.Reading.Missing m -> {
        return false;
      }
      case VersionFile.Reading.Ignored ignored -> {
        LOG.warn("event=versions-ignored reason=\"{}\"", ignored.reason());
        return false;
      }
      case VersionFile.Reading.Read read -> {
        lastFullCompareMicros = read.lastFullCompareMicros();
        boolean due = fullCompares.due(lastFullCompareMicros, nowMicros);
        LOG.info("event=versions-read paths={} every-byte-due={}", versions.size(), due);
        return !due;
      }
    }
  }

  /**
   * Looks at everything in scope, within the budget, and says what differs.
   *
   * @param sink as for {@link Difference}
   */
  void again(KnownFacts known, long nowMicros, Consumer<List<Difference.Seen>> sink) {
    long start = System.nanoTime();
    boolean everyByte =
        asked.getAndSet(false) || fullCompares.due(lastFullCompareMicros, nowMicros);
    Difference difference = new Difference(known, versions::confirmScanned, 0, sink);
    versions.everyByte(everyByte);
    try {
      walk(versions, 1).walk(ROOT, watching, () -> difference, budget.begin());
    } finally {
      versions.everyByte(false);
      versions.scanEnds();
    }
    difference.end(ROOT);
    scanned(start, everyByte ? nowMicros : lastFullCompareMicros);
  }

  private void scanned(long start, long fullCompareMicros) {
    seconds = (System.nanoTime() - start) / 1e9;
    boolean moved = lastFullCompareMicros != fullCompareMicros;
    lastFullCompareMicros = fullCompareMicros;
    count.incrementAndGet();
    if (moved || System.nanoTime() - savedNanos > SAVE_NANOS) {
      save();
    }
  }

  /** Puts what is known on disk. Without it the next start reads every byte: slower, not wrong. */
  void save() {
    if (file.isEmpty()) {
      return;
    }
    savedNanos = System.nanoTime();
    try {
      file.get().write(versions, lastFullCompareMicros);
    } catch (IOException e) {
      LOG.warn("event=versions-not-kept reason=\"{}\"", e.toString());
    }
  }

  /** Ends the scan that runs. */
  void cancel() {
    budget.cancel();
  }
}
