package io.patina.collector.watching;

import com.google.protobuf.ByteString;
import io.patina.collector.syscalls.Errno;
import io.patina.collector.syscalls.Fanotify;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How each file system that was entered is watched; found by trying when it is entered first. Not
 * safe for several threads.
 *
 * <p>A file system is known by its id as statfs(2) gives it, which is also how events name it.
 */
final class Parts {
  private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

  static final long EVENTS =
      Fanotify.MODIFY
          | Fanotify.ATTRIB
          | Fanotify.CLOSE_WRITE
          | Fanotify.MOVED_FROM
          | Fanotify.MOVED_TO
          | Fanotify.CREATE
          | Fanotify.DELETE
          | Fanotify.ON_DIRECTORY;

  /** How one of them is watched. */
  enum Way {
    WHOLE,
    DIRECTORY_BY_DIRECTORY,
    BY_INOTIFY
  }

  private final Fanotify fanotify;
  private final Map<ByteString, Way> ways = new HashMap<>();
  private final Set<ByteString> told = new java.util.HashSet<>();
  private Set<String> marked = Set.of();

  Parts(Fanotify fanotify) {
    this.fanotify = fanotify;
  }

  /** Sees to it that a directory is watched, if fanotify can. */
  Way enter(ByteString path, int open, ByteString handle) {
    ByteString id = handle.substring(0, 8);
    Way way = ways.get(id);
    if (way == Way.DIRECTORY_BY_DIRECTORY
        && fanotify.mark(open, Fanotify.Reach.DIRECTORY, EVENTS) != 0) {
      return Way.BY_INOTIFY;
    }
    if (way == null) {
      way = choose(path, open, id);
      ways.put(id, way);
      marked = marked();
    }
    return way;
  }

  private Way choose(ByteString path, int open, ByteString id) {
    int whole = fanotify.mark(open, Fanotify.Reach.FILE_SYSTEM, EVENTS);
    int alone = whole == 0 ? 0 : fanotify.mark(open, Fanotify.Reach.DIRECTORY, EVENTS);
    Way way = whole == 0 ? Way.WHOLE : alone == 0 ? Way.DIRECTORY_BY_DIRECTORY : Way.BY_INOTIFY;
    if (told.add(id)) {
      LOG.info(
          "event=watching from=\"{}\" how={} refused={}",
          io.patina.facts.Escaped.text(path.toStringUtf8()),
          way,
          whole == 0 ? "none" : Errno.name(-whole));
    }
    return way;
  }

  Way of(ByteString handle) {
    return ways.getOrDefault(handle.substring(0, 8), Way.BY_INOTIFY);
  }

  /** Whether fanotify watches anything. */
  boolean isUsed() {
    return ways.values().stream().anyMatch(w -> w != Way.BY_INOTIFY);
  }

  /**
   * After the mount table changed: whether a mark went away with its file system. Then all are set
   * anew as they are entered; what is marked still is marked again, without effect.
   */
  boolean lost() {
    Set<String> now = marked();
    boolean lost = !now.containsAll(marked);
    if (lost) {
      ways.clear();
      marked = now;
    }
    return lost;
  }

  private Set<String> marked() {
    return fanotify
        .marks()
        .lines()
        .filter(l -> l.startsWith("fanotify sdev:"))
        .map(l -> l.split(" ", -1)[1])
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
