package io.patina.collector.watching;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.syscalls.Errno;
import io.patina.collector.syscalls.Inotify;
import io.patina.collector.syscalls.Wake;
import io.patina.collector.writers.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches every directory entered by inotify(7).
 *
 * <p>Its known blind spots and what covers them: a new directory may fill before it is watched (the
 * watch is set before the list is read); a file changes through a name elsewhere (inodes with
 * several names are watched themselves); the queue overflows or the user's watches are used up
 * (rescan, polling); a write through a memory map gives no event until the file is closed (rescan).
 */
public final class InotifyWatching implements Watching {
  private static final Logger LOG = LoggerFactory.getLogger(InotifyWatching.class);

  private static final int DIRECTORY_MASK =
      Inotify.MODIFY
          | Inotify.ATTRIB
          | Inotify.CLOSE_WRITE
          | Inotify.MOVED_FROM
          | Inotify.MOVED_TO
          | Inotify.CREATE
          | Inotify.DELETE
          | Inotify.DELETE_SELF
          | Inotify.MOVE_SELF
          | Inotify.ONLY_DIRECTORY
          | Inotify.EXCLUDE_UNLINKED;

  private static final int INODE_MASK =
      Inotify.MODIFY | Inotify.ATTRIB | Inotify.CLOSE_WRITE | Inotify.DONT_FOLLOW;

  /** A directory that moved away is watched this long: it may turn up elsewhere in scope. */
  private static final Duration ORPHAN_TIME = Duration.ofSeconds(5);

  private static final Duration QUIET = Duration.ofMinutes(1);

  private record Orphan(int watch, long since) {}

  private final Inotify inotify;
  private final RootDirectory root;
  private final Thread thread;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong overflows = new AtomicLong();
  // Guarded by this.
  private final WatchedPaths<Integer> paths = new WatchedPaths<>();
  private final List<Orphan> orphans = new ArrayList<>();
  private volatile boolean complete = true;
  private volatile boolean ending;
  private volatile Listener listener = Notices.UNHEARD;

  private InotifyWatching(Inotify inotify, RootDirectory root) {
    this.inotify = inotify;
    this.root = root;
    this.thread = Thread.ofPlatform().name("patina-inotify").daemon().unstarted(this::run);
  }

  /** Opens inotify; where the kernel refuses, something that notices nothing. */
  public static Watching open(RootDirectory root) {
    return switch (Inotify.open()) {
      case Inotify.Opening.Ready ready -> new InotifyWatching(ready.inotify(), root);
      case Inotify.Opening.Refused refused -> {
        LOG.warn(
            "event=watch-refused errno={}: raise fs.inotify.max_user_instances; until then changes"
                + " are found by polling",
            refused.errno());
        yield new NotWatching();
      }
    };
  }

  @Override
  public String name() {
    return "inotify";
  }

  @Override
  public void start(Listener to) {
    listener = to;
    thread.start();
  }

  @Override
  public void entering(ByteString path, int descriptor) {
    int refused = 0;
    synchronized (this) {
      int watch = inotify.watch(descriptor, DIRECTORY_MASK);
      if (watch >= 0) {
        Optional<Integer> replaced = paths.put(watch, path);
        replaced.ifPresent(w -> orphans.add(new Orphan(w, System.nanoTime())));
      } else if (watch != -Errno.ENOENT && watch != -Errno.ENOTDIR) {
        refused = -watch;
      }
    }
    if (refused != 0) {
      refused(refused);
    }
  }

  @Override
  public void watchInode(ByteString path) {
    String prefix = root.path().equals("/") ? "" : root.path();
    byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
    ByteString full = UnsafeByteOperations.unsafeWrap(start).concat(path);
    int watch;
    synchronized (this) {
      watch = inotify.watch(full.toByteArray(), INODE_MASK);
      if (watch >= 0) {
        paths.put(watch, path);
      }
    }
    if (watch == -Errno.ENOSPC) {
      refused(-watch);
    }
  }

  private void refused(int errno) {
    if (complete) {
      complete = false;
      LOG.warn(
          "event=watch-limit errno={} watches={}: raise fs.inotify.max_user_watches; until then the"
              + " rest is found by polling",
          errno,
          watched());
    }
  }

  @Override
  public synchronized boolean watches(ByteString directory) {
    return paths.contains(directory);
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public boolean tellsOfMounts() {
    return inotify.tellsOfMounts();
  }

  @Override
  public long events() {
    return events.get();
  }

  @Override
  public long overflows() {
    return overflows.get();
  }

  @Override
  public synchronized int watched() {
    return paths.size();
  }

  private void run() {
    while (!ending) {
      Wake wake = inotify.await(patience());
      if (wake == Wake.MOUNTS) {
        listener.mounted();
      } else if (wake == Wake.EVENTS) {
        int got = inotify.drain(this::event);
        if (got < 0) {
          LOG.warn("event=watch-failed errno={}", -got);
          complete = false;
          return;
        }
      }
      endOrphans();
    }
  }

  /** Without orphans nothing has to be done until something happens. */
  private synchronized Duration patience() {
    return orphans.isEmpty() ? QUIET : Duration.ofSeconds(1);
  }

  private void event(int watch, int mask, int cookie, byte[] name) {
    events.incrementAndGet();
    if ((mask & Inotify.OVERFLOW) != 0) {
      overflows.incrementAndGet();
      listener.lost("overflow");
      return;
    }
    Optional<ByteString> directory;
    synchronized (this) {
      directory = paths.path(watch);
      if ((mask & Inotify.IGNORED) != 0) {
        paths.remove(watch);
        return;
      }
    }
    if (directory.isEmpty()) {
      return;
    }
    if ((mask & Inotify.UNMOUNT) != 0) {
      listener.lost("unmount");
    } else if (name.length == 0) {
      listener.touched(directory.get(), Writer.UNKNOWN);
    } else {
      child(Notices.join(directory.get(), name), mask);
    }
  }

  private void child(ByteString path, int mask) {
    boolean isDirectory = (mask & Inotify.IS_DIRECTORY) != 0;
    if (isDirectory && (mask & (Inotify.MOVED_FROM | Inotify.DELETE)) != 0) {
      synchronized (this) {
        long now = System.nanoTime();
        paths.removeTree(path).forEach(w -> orphans.add(new Orphan(w, now)));
      }
    }
    if (isDirectory && (mask & (Inotify.CREATE | Inotify.MOVED_TO)) != 0) {
      listener.appeared(path, Writer.UNKNOWN);
    } else {
      listener.touched(path, Writer.UNKNOWN);
    }
  }

  private synchronized void endOrphans() {
    long before = System.nanoTime() - ORPHAN_TIME.toNanos();
    orphans.removeIf(
        o -> {
          if (o.since() - before > 0) {
            return false;
          }
          if (paths.path(o.watch()).isEmpty()) {
            // EINVAL means that the kernel ended it already, with the inode.
            int unused = inotify.unwatch(o.watch());
          }
          return true;
        });
  }

  @Override
  public void close() {
    ending = true;
    inotify.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!thread.isAlive()) {
      inotify.close();
    }
  }
}
