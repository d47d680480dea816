package io.patina.collector.watching;

import com.google.protobuf.ByteString;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.syscalls.Fanotify;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.collector.syscalls.Wake;
import io.patina.collector.writers.Processes;
import io.patina.collector.writers.Writer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches whole file systems by fanotify(7), which also tells who wrote.
 *
 * <p>An event names a directory by its handle. The handles of the directories that a walk entered
 * are known with their paths, all others are outside of the scope and forgotten at once. A file
 * system that cannot be marked whole is marked directory by directory (btrfs subvolumes), and one
 * that knows no handles is left to inotify.
 *
 * <p>What inotify cannot see is seen here: a file that changes through a name elsewhere is known by
 * its own handle. A write through a memory map gives no event here either (rescan).
 */
public final class FanotifyWatching implements Watching {
  private static final Logger LOG = LoggerFactory.getLogger(FanotifyWatching.class);
  private static final byte[] ITSELF = {'.'};
  private static final long GONE = Fanotify.MOVED_FROM | Fanotify.DELETE;
  private static final long COME = Fanotify.CREATE | Fanotify.MOVED_TO;
  private static final Duration QUIET = Duration.ofMinutes(1);

  /** The table of mounts changes a moment before a file system goes, and its marks with it. */
  private static final Duration UNMOUNT = Duration.ofMillis(200);

  /** Files with several names that are known by handle; those seen longest ago fall out. */
  private static final int MOST_OBJECTS = 50_000;

  /** So many times in a row it wakes at once for what concerns nothing in scope. */
  private static final int PATIENCE = 100;

  /** Longest pause after that, in milliseconds. */
  private static final int MOST_PAUSE = 32;

  /** After so long without any event the row begins anew. */
  private static final Duration CALM = Duration.ofMillis(20);

  private final Fanotify fanotify;
  private final RootDirectory root;
  private final Processes processes;
  private final Thread thread;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong overflows = new AtomicLong();
  // Guarded by this.
  private final WatchedPaths<ByteString> paths = new WatchedPaths<>();
  private final Map<ByteString, ByteString> objects = new LinkedHashMap<>();
  private final Parts parts;
  private @Nullable Watching rest;
  private volatile boolean failed;
  private volatile boolean ending;
  private volatile Listener listener = Notices.UNHEARD;
  // Of the reading thread.
  private boolean concerned;

  FanotifyWatching(Fanotify fanotify, RootDirectory root, Processes processes) {
    this.fanotify = fanotify;
    this.root = root;
    this.processes = processes;
    this.parts = new Parts(fanotify);
    this.thread = Thread.ofPlatform().name("patina-fanotify").daemon().unstarted(this::run);
  }

  @Override
  public synchronized String name() {
    if (rest == null) {
      return "fanotify";
    }
    return parts.isUsed() ? "fanotify+" + rest.name() : rest.name();
  }

  @Override
  public synchronized void start(Listener to) {
    listener = to;
    if (rest != null) {
      rest.start(to);
    }
    thread.start();
  }

  @Override
  public void entering(ByteString path, int descriptor) {
    ByteString handle = fanotify.handle(descriptor);
    boolean left;
    synchronized (this) {
      left = handle == null || parts.enter(path, descriptor, handle) == Parts.Way.BY_INOTIFY;
      if (!left && handle != null) {
        var unused = paths.put(handle, path);
      }
    }
    if (left) {
      rest().entering(path, descriptor);
    }
  }

  private synchronized Watching rest() {
    Watching opened = rest;
    if (opened == null) {
      opened = InotifyWatching.open(root);
      if (listener != Notices.UNHEARD) {
        opened.start(listener);
      }
      rest = opened;
    }
    return opened;
  }

  @Override
  public void watchInode(ByteString path) {
    SystemCalls calls = new SystemCalls();
    int file =
        root.openExact(calls, path.toByteArray(), Open.READ | Open.NO_FOLLOW | Open.NON_BLOCKING);
    if (file < 0) {
      return;
    }
    try {
      ByteString handle = fanotify.handle(file);
      boolean left = true;
      synchronized (this) {
        if (handle != null) {
          left = watchObject(handle, path, file);
        }
      }
      if (left) {
        rest().watchInode(path);
      }
    } finally {
      calls.close(file);
    }
  }

  private boolean watchObject(ByteString handle, ByteString path, int file) {
    Parts.Way way = parts.of(handle);
    if (way == Parts.Way.BY_INOTIFY
        || (way == Parts.Way.DIRECTORY_BY_DIRECTORY
            && fanotify.mark(
                    file,
                    Fanotify.Reach.DIRECTORY,
                    Fanotify.MODIFY | Fanotify.ATTRIB | Fanotify.CLOSE_WRITE)
                != 0)) {
      return true;
    }
    objects.remove(handle);
    objects.put(handle, path);
    if (objects.size() > MOST_OBJECTS) {
      objects.remove(objects.keySet().iterator().next());
    }
    return false;
  }

  @Override
  public synchronized boolean watches(ByteString directory) {
    return paths.contains(directory) || (rest != null && rest.watches(directory));
  }

  @Override
  public synchronized boolean isComplete() {
    return !failed && (rest == null || rest.isComplete());
  }

  @Override
  public boolean tellsOfMounts() {
    return fanotify.tellsOfMounts();
  }

  @Override
  public synchronized long events() {
    return events.get() + (rest == null ? 0 : rest.events());
  }

  @Override
  public synchronized long overflows() {
    return overflows.get() + (rest == null ? 0 : rest.overflows());
  }

  @Override
  public synchronized int watched() {
    return paths.size() + (rest == null ? 0 : rest.watched());
  }

  private void run() {
    int inVain = 0;
    long looked = System.nanoTime();
    boolean looksAgain = false;
    while (!ending) {
      long before = System.nanoTime();
      Wake wake = fanotify.await(looksAgain ? UNMOUNT : QUIET);
      if (wake == Wake.MOUNTS) {
        mounted();
        looked = System.nanoTime();
        looksAgain = true;
      } else if (looksAgain && System.nanoTime() - looked >= UNMOUNT.toNanos()) {
        looksAgain = false;
        lookForLost();
      }
      if (wake == Wake.EVENTS) {
        concerned = false;
        int got = fanotify.drain(this::event);
        long drained = System.nanoTime();
        if (got < 0) {
          LOG.warn("event=watch-failed errno={}", -got);
          failed = true;
          return;
        }
        // Others write and write where nobody looks: let the kernel merge what they do, instead of
        // waking for each write. Not before it has gone on for a while, and not when something
        // concerned us, because a writer may end at any time.
        boolean calm = concerned || drained - before > CALM.toNanos();
        inVain = calm ? 0 : inVain + 1;
        if (inVain > PATIENCE) {
          pause(Math.min(MOST_PAUSE, inVain - PATIENCE));
        }
      }
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; ending is told by the flag.
      Thread.currentThread().interrupt();
    }
  }

  private void mounted() {
    lookForLost();
    listener.mounted();
  }

  private void lookForLost() {
    boolean lost;
    synchronized (this) {
      lost = parts.lost();
    }
    if (lost) {
      listener.lost("unmount");
    }
  }

  private void event(long mask, int pid, ByteString handle, byte[] name, ByteString object) {
    events.incrementAndGet();
    if ((mask & Fanotify.OVERFLOW) != 0) {
      overflows.incrementAndGet();
      concerned = true;
      listener.lost("overflow");
      return;
    }
    Optional<ByteString> directory;
    @Nullable ByteString elsewhere = null;
    synchronized (this) {
      directory = paths.path(handle);
      if (directory.isEmpty()) {
        elsewhere = objects.get(object);
      }
    }
    if (directory.isPresent()) {
      concerned = true;
      told(directory.get(), name, mask, processes.writer(pid));
    } else if (elsewhere != null) {
      concerned = true;
      listener.touched(elsewhere, processes.writer(pid));
    }
  }

  private void told(ByteString directory, byte[] name, long mask, Writer writer) {
    if (java.util.Arrays.equals(name, ITSELF)) {
      listener.touched(directory, writer);
      return;
    }
    ByteString path = Notices.join(directory, name);
    boolean isDirectory = (mask & Fanotify.ON_DIRECTORY) != 0;
    if (isDirectory && (mask & GONE) != 0) {
      // Events of the same name are merged: if it has come back meanwhile, the look finds it not
      // watched and walks it again.
      synchronized (this) {
        var unused = paths.removeTree(path);
      }
    }
    if (isDirectory && (mask & COME) != 0) {
      listener.appeared(path, writer);
    } else {
      listener.touched(path, writer);
    }
  }

  @Override
  public void close() {
    ending = true;
    fanotify.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!thread.isAlive()) {
      fanotify.close();
    }
    synchronized (this) {
      if (rest != null) {
        rest.close();
      }
    }
  }
}
