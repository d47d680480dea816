package io.patina.collector.watching;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which watch stands for which path. A watch belongs to an inode, not to a name: a directory that
 * is moved keeps it, and gets its new path when the walk enters it there. Not safe for several
 * threads.
 *
 * @param <W> inotify's watch descriptor, or a file handle
 */
final class WatchedPaths<W> {
  private final Map<W, ByteString> paths = new HashMap<>();
  private final TreeMap<ByteString, W> watches =
      new TreeMap<>(ByteString.unsignedLexicographicalComparator());

  Optional<ByteString> path(W watch) {
    return Optional.ofNullable(paths.get(watch));
  }

  boolean contains(ByteString path) {
    return watches.containsKey(path);
  }

  int size() {
    return paths.size();
  }

  /**
   * Joins a watch and a path.
   *
   * @return the watch that stood for the path before, if it was another
   */
  Optional<W> put(W watch, ByteString path) {
    @Nullable ByteString oldPath = paths.put(watch, path);
    if (oldPath != null && !oldPath.equals(path)) {
      watches.remove(oldPath, watch);
    }
    @Nullable W oldWatch = watches.put(path, watch);
    if (oldWatch == null || oldWatch.equals(watch)) {
      return Optional.empty();
    }
    paths.remove(oldWatch, path);
    return Optional.of(oldWatch);
  }

  void remove(W watch) {
    @Nullable ByteString path = paths.remove(watch);
    if (path != null) {
      watches.remove(path, watch);
    }
  }

  /** Takes the names away from a tree that has moved or gone; answers its watches. */
  List<W> removeTree(ByteString path) {
    List<W> removed = new ArrayList<>();
    @Nullable W own = watches.remove(path);
    if (own != null) {
      removed.add(own);
    }
    ByteString below = path.concat(ByteString.copyFromUtf8("/"));
    var tail = watches.tailMap(below, true).entrySet().iterator();
    while (tail.hasNext()) {
      var e = tail.next();
      if (!e.getKey().startsWith(below)) {
        break;
      }
      removed.add(e.getValue());
      tail.remove();
    }
    removed.forEach(paths::remove);
    return removed;
  }
}
