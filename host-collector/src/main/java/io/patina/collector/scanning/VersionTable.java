package io.patina.collector.scanning;

import com.google.protobuf.ByteString;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.syscalls.Stat;
import io.patina.facts.Entry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which version of each path the state was made from: 24 bytes a path outside the Java heap, about
 * 30 with what is free. Three hashes: of the path, of the version, and of the entry that was stated
 * of it. The last binds a table that was on disk to the facts that were. Safe for threads.
 *
 * <p>A version is confirmed only when the state holds its entry. So "unchanged" needs no look at
 * the state, and a scan that comes late cannot make it true of something that was never reported.
 */
public final class VersionTable implements KnownVersions {
  /** A file changed more recently than this may change again without its ctime showing it. */
  private static final long SETTLED_NANOS = 2_000_000_000L;

  private static final int SLOT = 24;
  private static final int FIRST_CAPACITY = 4096;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final Clock clock;
  private final BiConsumer<ByteString, Stat> looked;
  private KeyedHash hash;
  private volatile boolean everyByte;
  // Guarded by this.
  private Arena arena = Arena.ofShared();
  private MemorySegment slots = arena.allocate((long) SLOT * FIRST_CAPACITY);
  private int capacity = FIRST_CAPACITY;
  private int used;

  /** Paths whose entry in the state has moved on since a scan began, while one runs. */
  private @Nullable Set<Long> moved;

  /**
   * An empty table.
   *
   * @param looked told of every regular file that was looked at
   */
  public VersionTable(Clock clock, BiConsumer<ByteString, Stat> looked, long seed) {
    this.clock = clock;
    this.looked = looked;
    this.hash = new KeyedHash(seed);
  }

  /** Whether to pretend that nothing is known, so that every byte is read. */
  public void everyByte(boolean wanted) {
    everyByte = wanted;
  }

  /**
   * A scan begins that compares with the state as it is now, however it moves on meanwhile: for
   * whoever moves it, before it does.
   */
  public synchronized void scanBegins() {
    moved = new HashSet<>();
  }

  /** The scan is over. */
  public synchronized void scanEnds() {
    moved = null;
  }

  /**
   * The scan found what the state held when it began. Nothing is known by that of a path where the
   * state has moved on since: what was mounted over it meanwhile may have made it absent, and when
   * it is seen again, unchanged, it has to be looked at.
   */
  public void confirmScanned(Entry entry, long version) {
    long key = hash.of(entry.key().name());
    long holds = hash.of(entry.canonical());
    synchronized (this) {
      if (moved == null || !moved.contains(key)) {
        put(key, version, holds, false);
      }
    }
  }

  @Override
  public boolean unchanged(ByteString path, Stat now) {
    if (now.isRegular()) {
      looked.accept(path, now);
    }
    if (everyByte) {
      return false;
    }
    long key = hash.of(path);
    long version = hash.of(now);
    synchronized (this) {
      long at = slot(slots, capacity, key);
      return slots.get(LONG, at) == key && slots.get(LONG, at + 8) == version;
    }
  }

  @Override
  public long version(ByteString path, Stat seen) {
    long age = clock.millis() * 1_000_000 - seen.changed();
    return age < SETTLED_NANOS ? NONE_KEPT : hash.of(seen);
  }

  /** From now on the state holds this entry, made of that version. */
  public void confirm(Entry entry, long version) {
    if (version == NONE_KEPT) {
      forget(entry.key().name());
    } else {
      long key = hash.of(entry.key().name());
      long holds = hash.of(entry.canonical());
      synchronized (this) {
        moves(key);
        put(key, version, holds, false);
      }
    }
  }

  private void moves(long key) {
    if (moved != null) {
      moved.add(key);
    }
  }

  /**
   * The same for a state that is only being made and takes the first of several entries of a path,
   * which a directory listed several times while it was being changed.
   */
  public void confirmFirst(Entry entry, long version) {
    put(hash.of(entry.key().name()), version, hash.of(entry.canonical()), true);
  }

  /** Nothing is known of this path any more. */
  public synchronized void forget(ByteString path) {
    long key = hash.of(path);
    moves(key);
    long at = slot(slots, capacity, key);
    if (slots.get(LONG, at) == key) {
      slots.set(LONG, at + 8, NONE_KEPT);
    }
  }

  /** Forgets everything. */
  public synchronized void clear() {
    renew(FIRST_CAPACITY);
    used = 0;
  }

  /** Whether this very entry was stated of the version that is known. */
  synchronized boolean holds(Entry entry) {
    long key = hash.of(entry.key().name());
    long at = slot(slots, capacity, key);
    return slots.get(LONG, at) == key && slots.get(LONG, at + 16) == hash.of(entry.canonical());
  }

  /** Paths known. */
  public synchronized int size() {
    return used;
  }

  private synchronized void put(long key, long version, long entry, boolean first) {
    long at = slot(slots, capacity, key);
    if (slots.get(LONG, at) == 0) {
      if (++used * 6L > capacity * 5L) {
        grow();
        at = slot(slots, capacity, key);
      }
      slots.set(LONG, at, key);
    } else if (first && slots.get(LONG, at + 16) != entry) {
      slots.set(LONG, at + 8, NONE_KEPT);
      return;
    }
    slots.set(LONG, at + 8, version);
    slots.set(LONG, at + 16, entry);
  }

  private void grow() {
    Arena before = arena;
    MemorySegment old = slots;
    int count = capacity;
    // By a quarter: a table that doubles is half empty most of the time.
    arena = Arena.ofShared();
    capacity = count + count / 4;
    slots = arena.allocate((long) SLOT * capacity);
    for (long from = 0; from < (long) count * SLOT; from += SLOT) {
      long key = old.get(LONG, from);
      if (key != 0) {
        MemorySegment.copy(old, from, slots, slot(slots, capacity, key), SLOT);
      }
    }
    before.close();
  }

  private void renew(int count) {
    arena.close();
    arena = Arena.ofShared();
    capacity = count;
    slots = arena.allocate((long) SLOT * count);
  }

  /** Where the key is, or the free slot where it belongs. */
  private static long slot(MemorySegment in, int count, long key) {
    long at = Long.remainderUnsigned(key, count);
    while (true) {
      long there = in.get(LONG, at * SLOT);
      if (there == 0 || there == key) {
        return at * SLOT;
      }
      at = at + 1 == count ? 0 : at + 1;
    }
  }

  // What is on disk.

  synchronized long seed() {
    return hash.seed();
  }

  /** Takes the three hashes of each path. */
  interface Slots {
    void take(long key, long version, long entry) throws IOException;
  }

  synchronized void each(Slots sink) throws IOException {
    for (long at = 0; at < (long) capacity * SLOT; at += SLOT) {
      long key = slots.get(LONG, at);
      if (key != 0) {
        sink.take(key, slots.get(LONG, at + 8), slots.get(LONG, at + 16));
      }
    }
  }

  /** Becomes what was written; {@link #take} follows this many times. */
  synchronized void begin(long seed, int count) {
    hash = new KeyedHash(seed);
    renew(Math.max(FIRST_CAPACITY, count + count / 4));
    used = 0;
  }

  synchronized void take(long key, long version, long entry) {
    if (key != 0) {
      put(key, version, entry, false);
    }
  }
}
