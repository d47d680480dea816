package io.patina.collector.live;

import com.google.protobuf.ByteString;
import io.patina.collector.files.FileObserver;
import io.patina.collector.files.Harvest;
import io.patina.collector.files.Observation;
import io.patina.collector.files.TreeWalk;
import io.patina.collector.live.Pending.Touched;
import io.patina.collector.reports.Finding;
import io.patina.collector.reports.HostState;
import io.patina.collector.watching.Watching;
import io.patina.collector.writers.Writer;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.scope.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at paths and says what differs from the state, so that afterwards the state is what a fresh
 * scan would give. For the thread that owns the state.
 */
final class FilePass {
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  /** A file that is still being written after this many looks is stated as a gap. */
  private static final int ATTEMPTS = 5;

  private static final Duration SETTLING = Duration.ofMillis(500);

  private final Scope scope;
  private final FileObserver observer;
  private final Supplier<TreeWalk> walk;
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
   * @param walk one thread, with the mounts as they are now
   */
  FilePass(
      Scope scope,
      FileObserver observer,
      Supplier<TreeWalk> walk,
      Watching watching,
      HardLinks hardLinks,
      Pending pending,
      Runnable rescan) {
    this.scope = scope;
    this.observer = observer;
    this.walk = walk;
    this.watching = watching;
    this.hardLinks = hardLinks;
    this.pending = pending;
    this.rescan = rescan;
  }

  /** What is at these paths now, as far as it differs from the state. */
  List<Finding> look(List<Touched> touched, HostState state) {
    List<Finding> findings = new ArrayList<>();
    writers.clear();
    touched.stream()
        .filter(t -> t.writer().isKnown())
        .forEach(t -> writers.put(t.path(), t.writer()));
    TreeWalk here = walk.get();
    for (Touched t : touched) {
      long start = System.nanoTime();
      List<ByteString> others = hardLinks.others(t.path());
      look(t, here, state, findings);
      pending.took(t.path(), System.nanoTime() - start);
      for (ByteString other : others) {
        look(new Touched(other, t.noticedMicros(), false, 0, t.writer()), here, state, findings);
      }
    }
    return findings;
  }

  private void look(Touched t, TreeWalk here, HostState state, List<Finding> findings) {
    ByteString path = t.path();
    if (!here.reaches(path)) {
      // Covered by a mount that a scan passes by. It may be gone again before anybody reads the
      // table, and then nobody would look here.
      absent(FactKey.file(path), t, state, findings);
      below(t, state, List.of(), findings);
      rescan.run();
      return;
    }
    switch (observer.observe(path)) {
      case Observation.Present p when p.directory() -> directory(t, p.entry(), state, findings);
      case Observation.Present p -> {
        is(p.entry(), t, state, findings);
        below(t, state, List.of(), findings);
        otherNames(path);
      }
      case Observation.Absent a -> {
        absent(FactKey.file(path), t, state, findings);
        below(t, state, List.of(), findings);
      }
      case Observation.Missed m -> {
        if (isChanging(m.gap()) && t.attempts() < ATTEMPTS) {
          pending.retry(t, SETTLING);
        } else if (hasBelow(path, state)) {
          tree(t, state, findings);
        } else {
          is(m.gap(), t, state, findings);
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

  private void directory(Touched t, Entry entry, HostState state, List<Finding> findings) {
    boolean entered = scope.entersDirectory(t.path());
    // Other permissions may have made readable, or unreadable, what is below.
    boolean changed = !state.find(entry.key()).equals(Optional.of(entry));
    if (entered && (t.tree() || changed || !watching.watches(t.path()))) {
      tree(t, state, findings);
    } else {
      is(entry, t, state, findings);
    }
  }

  /** Walks everything at and below the path, watching what it enters. */
  private void tree(Touched t, HostState state, List<Finding> findings) {
    FactKey own = FactKey.file(t.path());
    List<Entry> found = new ArrayList<>();
    walk.get().walk(t.path(), watching).drainTo(found::add);
    found.forEach(e -> otherNames(e.key().name()));
    // Ascending: the path itself comes before what is below it.
    if (!found.isEmpty() && found.getFirst().key().equals(own)) {
      is(found.removeFirst(), t, state, findings);
    } else {
      absent(own, t, state, findings);
    }
    below(t, state, found, findings);
  }

  /** Makes what is below the path in the state what was found there. */
  private void below(Touched t, HostState state, List<Entry> found, List<Finding> findings) {
    ByteString prefix = prefix(t.path());
    Iterator<Entry> known = belowInState(t.path(), state);
    Iterator<Entry> now = found.iterator();
    @Nullable Entry k = stepBelow(known, prefix);
    @Nullable Entry n = step(now);
    while (n != null || k != null) {
      int order = n == null ? 1 : k == null ? -1 : n.key().compareTo(k.key());
      if (n != null && order <= 0) {
        is(n, t, state, findings);
        n = step(now);
        k = order == 0 ? stepBelow(known, prefix) : k;
      } else if (k != null) {
        absent(k.key(), t, state, findings);
        k = stepBelow(known, prefix);
      }
    }
  }

  private static @Nullable Entry stepBelow(Iterator<Entry> known, ByteString prefix) {
    Entry e = step(known);
    // The root is its own prefix, and not below itself.
    boolean isRoot = e != null && e.key().name().equals(SLASH);
    Entry next = isRoot ? step(known) : e;
    return next != null && isBelow(next, prefix) ? next : null;
  }

  private static boolean hasBelow(ByteString path, HostState state) {
    return stepBelow(belowInState(path, state), prefix(path)) != null;
  }

  private static Iterator<Entry> belowInState(ByteString path, HostState state) {
    return state.from(new FactKey(Facet.FILE.wireName(), prefix(path)));
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

  private void is(Entry entry, Touched t, HostState state, List<Finding> findings) {
    if (scope.observesPath(entry.key().name()) || entry.isGap()) {
      Optional<Entry> known = state.find(entry.key());
      if (!known.equals(Optional.of(entry))) {
        findings.add(new Finding.Is(entry, t.noticedMicros(), writer(entry.key(), t)));
      }
    }
  }

  private void absent(FactKey key, Touched t, HostState state, List<Finding> findings) {
    if (state.find(key).isPresent()) {
      hardLinks.gone(key.name());
      asked.remove(key.name());
      findings.add(new Finding.IsAbsent(key, t.noticedMicros(), writer(key, t)));
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
   * What a finished scan says against the state.
   *
   * @param scanned ascending
   * @param touched paths touched since the scan began: there the scan may be behind, so that they
   *     are looked at again
   */
  List<Finding> compare(Harvest scanned, HostState state, Set<ByteString> touched) {
    Comparing comparing = new Comparing(state.facet(Facet.FILE.wireName()), touched);
    scanned.drainTo(comparing);
    return comparing.end();
  }

  /** Takes the scan's entries one by one, and walks the state's beside them. */
  private final class Comparing implements Consumer<Entry> {
    private final Iterator<Entry> known;
    private final Set<ByteString> touched;
    private final List<Finding> findings = new ArrayList<>();
    private @Nullable Entry next;

    Comparing(Iterator<Entry> known, Set<ByteString> touched) {
      this.known = known;
      this.touched = touched;
      this.next = stepFile(known);
    }

    @Override
    public void accept(Entry scanned) {
      Entry k = next;
      while (k != null && k.key().compareTo(scanned.key()) < 0) {
        scan(new Finding.IsAbsent(k.key(), 0), touched, findings);
        k = stepFile(known);
      }
      if (k != null && k.key().equals(scanned.key())) {
        if (!k.canonical().equals(scanned.canonical())) {
          scan(new Finding.Is(scanned, 0), touched, findings);
        }
        k = stepFile(known);
      } else {
        scan(new Finding.Is(scanned, 0), touched, findings);
      }
      next = k;
    }

    List<Finding> end() {
      for (Entry k = next; k != null; k = stepFile(known)) {
        scan(new Finding.IsAbsent(k.key(), 0), touched, findings);
      }
      return findings;
    }
  }

  private static @Nullable Entry stepFile(Iterator<Entry> entries) {
    Entry e = step(entries);
    return e != null && e.key().facet().equals(Facet.FILE.wireName()) ? e : null;
  }

  private void scan(Finding finding, Set<ByteString> touched, List<Finding> findings) {
    ByteString path = finding.key().name();
    boolean gapBelow = path.size() > 1 && path.endsWith(SLASH);
    if (gapBelow) {
      path = path.substring(0, path.size() - 1);
    }
    if (isTouched(path, touched)) {
      pending.add(new Touched(path, 0, gapBelow, 0, Writer.UNKNOWN));
    } else {
      findings.add(finding);
    }
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
