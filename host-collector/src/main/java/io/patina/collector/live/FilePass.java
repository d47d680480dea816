package io.patina.collector.live;

import com.google.protobuf.ByteString;
import io.patina.collector.files.FileObserver;
import io.patina.collector.files.Observation;
import io.patina.collector.files.TreeWalk;
import io.patina.collector.live.Pending.Touched;
import io.patina.collector.reports.Finding;
import io.patina.collector.reports.HostState;
import io.patina.collector.scanning.Difference;
import io.patina.collector.scanning.VersionTable;
import io.patina.collector.watching.Watching;
import io.patina.collector.writers.Writer;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.scope.Scope;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at paths and says what differs from the state, so that afterwards the state is what a fresh
 * scan would give. For the thread that owns the state.
 */
final class FilePass {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  /** A file that is still being written after this many looks is stated as a gap. */
  private static final int ATTEMPTS = 5;

  private static final Duration SETTLING = Duration.ofMillis(500);

  private final Scope scope;
  private final FileScans scans;
  private final FileObserver observer;
  private final VersionTable versions;
  private final Watching watching;
  private final HardLinks hardLinks;
  private final Pending pending;
  private final Runnable rescan;

  /** For which files with unknown names a rescan was asked for, and how many names they had. */
  private final Map<ByteString, Long> asked = new HashMap<>();

  /** Of the notices that are looked at now. */
  private final Map<ByteString, Writer> writers = new HashMap<>();

  /**
   * @param rescan asks for a rescan, some seconds later
   */
  FilePass(Scope scope, FileScans scans, Watching watching, Pending pending, Runnable rescan) {
    this.scope = scope;
    this.scans = scans;
    this.observer = scans.observer();
    this.versions = scans.versions();
    this.watching = watching;
    this.hardLinks = scans.hardLinks();
    this.pending = pending;
    this.rescan = rescan;
  }

  /** What is at these paths now, as far as it differs from the state. */
  List<Finding> look(List<Touched> touched, HostState state) {
    Draft draft = new Draft(state);
    writers.clear();
    touched.stream()
        .filter(t -> t.writer().isKnown())
        .forEach(t -> writers.put(t.path(), t.writer()));
    TreeWalk here = scans.now();
    for (Touched t : touched) {
      // Not the time on the clock: on a busy host that is how long others held this thread up.
      long start = THREADS.getCurrentThreadCpuTime();
      List<ByteString> others = hardLinks.others(t.path());
      look(t, here, draft);
      pending.took(t.path(), THREADS.getCurrentThreadCpuTime() - start);
      for (ByteString other : others) {
        look(new Touched(other, t.noticedMicros(), false, 0, t.writer()), here, draft);
      }
    }
    return draft.findings();
  }

  private void look(Touched t, TreeWalk here, Draft draft) {
    ByteString path = t.path();
    if (!here.reaches(path)) {
      // Covered by a mount that a scan passes by. It may be gone again before anybody reads the
      // table, and then nobody would look here.
      absent(FactKey.file(path), t, draft);
      below(t, draft);
      rescan.run();
      return;
    }
    switch (observer.observe(path)) {
      case Observation.Present p when p.directory() -> directory(t, p, draft);
      case Observation.Present p -> {
        is(p.entry(), p.version(), t, draft);
        below(t, draft);
        otherNames(path);
      }
      case Observation.Unchanged u ->
          throw new IllegalStateException("a single look takes nothing for granted");
      case Observation.Absent a -> {
        absent(FactKey.file(path), t, draft);
        below(t, draft);
      }
      case Observation.Missed m -> {
        if (isChanging(m.gap()) && t.attempts() < ATTEMPTS) {
          pending.retry(t, SETTLING);
        } else if (hasBelow(path, draft)) {
          tree(t, draft);
        } else {
          is(m.gap(), VersionTable.NONE_KEPT, t, draft);
        }
      }
    }
  }

  private void otherNames(ByteString path) {
    long names = hardLinks.partly(path);
    if (names == 0) {
      asked.remove(path);
    } else if (!Long.valueOf(names).equals(asked.put(path, names))) {
      rescan.run();
    }
  }

  private void directory(Touched t, Observation.Present seen, Draft draft) {
    Entry entry = seen.entry();
    boolean entered = scope.entersDirectory(t.path());
    // Other permissions may have made readable, or unreadable, what is below.
    boolean changed = !draft.find(entry.key()).equals(Optional.of(entry));
    if (entered && (t.tree() || changed || !watching.watches(t.path()))) {
      tree(t, draft);
    } else {
      is(entry, seen.version(), t, draft);
    }
  }

  /** Walks everything at and below the path, watching what it enters. */
  private void tree(Touched t, Draft draft) {
    List<Difference.Seen> differing = new ArrayList<>();
    Difference difference =
        new Difference(draft, versions::confirm, t.noticedMicros(), differing::addAll);
    scans.tree(t.path(), difference);
    difference.end(prefix(t.path()));
    if (!difference.saw(t.path())) {
      absent(FactKey.file(t.path()), t, draft);
    }
    differing.forEach(s -> take(s, t, draft));
  }

  private void take(Difference.Seen seen, Touched t, Draft draft) {
    switch (seen.finding()) {
      case Finding.Is is -> {
        otherNames(is.key().name());
        if (scope.observesPath(is.key().name()) || is.entry().isGap()) {
          versions.confirm(is.entry(), seen.version());
          draft.add(new Finding.Is(is.entry(), t.noticedMicros(), writer(is.key(), t)));
        }
      }
      case Finding.IsAbsent gone -> absent(gone.key(), t, draft);
    }
  }

  /** What is known below a path at which nothing can be below now is absent. */
  private void below(Touched t, Draft draft) {
    ByteString prefix = prefix(t.path());
    List<FactKey> gone = new ArrayList<>();
    Iterator<Entry> known = belowInDraft(t.path(), draft);
    for (Entry k = stepBelow(known, prefix); k != null; k = stepBelow(known, prefix)) {
      gone.add(k.key());
    }
    gone.forEach(key -> absent(key, t, draft));
  }

  private static @Nullable Entry stepBelow(Iterator<Entry> known, ByteString prefix) {
    Entry e = step(known);
    // The root is its own prefix, and not below itself.
    boolean isRoot = e != null && e.key().name().equals(SLASH);
    Entry next = isRoot ? step(known) : e;
    return next != null && isBelow(next, prefix) ? next : null;
  }

  private static boolean hasBelow(ByteString path, Draft draft) {
    return stepBelow(belowInDraft(path, draft), prefix(path)) != null;
  }

  private static Iterator<Entry> belowInDraft(ByteString path, Draft draft) {
    return draft.from(new FactKey(Facet.FILE.wireName(), prefix(path)));
  }

  private static boolean isBelow(Entry entry, ByteString prefix) {
    return entry.key().facet().equals(Facet.FILE.wireName())
        && entry.key().name().startsWith(prefix);
  }

  private static ByteString prefix(ByteString path) {
    return path.size() == 1 ? path : path.concat(SLASH);
  }

  private static boolean isChanging(Entry gap) {
    return gap.gap().filter(g -> g.reason().equals(Gap.CHANGING)).isPresent();
  }

  private void is(Entry entry, long version, Touched t, Draft draft) {
    if (scope.observesPath(entry.key().name()) || entry.isGap()) {
      Optional<Entry> known = draft.find(entry.key());
      // What is found is applied by this thread before it looks at anything else.
      versions.confirm(entry, version);
      if (!known.equals(Optional.of(entry))) {
        draft.add(new Finding.Is(entry, t.noticedMicros(), writer(entry.key(), t)));
      }
    }
  }

  private void absent(FactKey key, Touched t, Draft draft) {
    absent(key, t.noticedMicros(), writer(key, t), draft);
  }

  private void absent(FactKey key, long noticed, Writer writer, Draft draft) {
    if (draft.find(key).isPresent()) {
      hardLinks.gone(key.name());
      asked.remove(key.name());
      versions.forget(key.name());
      draft.add(new Finding.IsAbsent(key, noticed, writer));
    }
  }

  /** Below a new tree, whoever was told of at this very path; else who made the tree. */
  private Writer writer(FactKey key, Touched t) {
    return writers.getOrDefault(key.name(), t.writer());
  }

  private static @Nullable Entry step(Iterator<Entry> entries) {
    return entries.hasNext() ? entries.next() : null;
  }

  /**
   * What a scan says against the state.
   *
   * @param touched paths touched since the scan began: there the scan may be behind, so that they
   *     are looked at again
   */
  List<Finding> scanned(List<Difference.Seen> seen, HostState state, Set<ByteString> touched) {
    Draft draft = new Draft(state);
    for (Difference.Seen s : seen) {
      ByteString path = s.finding().key().name();
      boolean gapBelow = path.size() > 1 && path.endsWith(SLASH);
      if (gapBelow) {
        path = path.substring(0, path.size() - 1);
      }
      if (isTouched(path, touched)) {
        pending.add(new Touched(path, 0, gapBelow, 0, Writer.UNKNOWN));
        continue;
      }
      switch (s.finding()) {
        case Finding.Is is -> {
          versions.confirm(is.entry(), s.version());
          draft.add(is);
        }
        case Finding.IsAbsent gone -> absent(gone.key(), 0, Writer.UNKNOWN, draft);
      }
    }
    return draft.findings();
  }

  private static boolean isTouched(ByteString path, Set<ByteString> touched) {
    if (touched.isEmpty()) {
      return false;
    }
    ByteString at = path;
    while (true) {
      if (touched.contains(at)) {
        return true;
      }
      int slash = at.size() - 1;
      while (slash > 0 && at.byteAt(slash) != '/') {
        slash--;
      }
      if (at.size() == 1) {
        return false;
      }
      at = slash == 0 ? SLASH : at.substring(0, slash);
    }
  }
}
