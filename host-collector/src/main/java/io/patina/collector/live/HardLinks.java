package io.patina.collector.live;

import com.google.protobuf.ByteString;
import io.patina.collector.syscalls.Stat;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Paths in scope whose inode has other names: what changes through one name changes under all. Safe
 * for many threads.
 */
final class HardLinks {
  private record Inode(long device, long number) {}

  /** The names in scope, and how many names there are in all. */
  private static final class Names {
    private final Set<ByteString> known = new HashSet<>();
    private long all;
  }

  private final Consumer<ByteString> discovered;
  private final Map<ByteString, Inode> inodes = new HashMap<>();
  private final Map<Inode, Names> names = new HashMap<>();

  /**
   * @param discovered told of each path that turns out to have other names
   */
  HardLinks(Consumer<ByteString> discovered) {
    this.discovered = discovered;
  }

  /** A regular file was looked at. */
  void seen(ByteString path, Stat stat) {
    boolean news;
    synchronized (this) {
      if (stat.links() < 2) {
        forget(path);
        return;
      }
      Inode inode = new Inode(stat.device(), stat.inode());
      @Nullable Inode before = inodes.get(path);
      news = !inode.equals(before);
      if (news) {
        forget(path);
        inodes.put(path, inode);
        names.computeIfAbsent(inode, i -> new Names()).known.add(path);
      }
      Names of = names.get(inode);
      if (of != null) {
        of.all = stat.links();
      }
    }
    if (news) {
      discovered.accept(path);
    }
  }

  private void forget(ByteString path) {
    @Nullable Inode inode = inodes.remove(path);
    if (inode != null) {
      Names left = names.get(inode);
      if (left != null) {
        left.known.remove(path);
        if (left.known.isEmpty()) {
          names.remove(inode);
        }
      }
    }
  }

  /** The path is gone. The watch of its inode may have gone with it: another name takes it over. */
  void gone(ByteString path) {
    List<ByteString> left;
    synchronized (this) {
      left = others(path);
      forget(path);
    }
    left.stream().findFirst().ifPresent(discovered);
  }

  /** The other names in scope of what is, or was, at this path. */
  synchronized List<ByteString> others(ByteString path) {
    @Nullable Inode inode = inodes.get(path);
    if (inode == null) {
      return List.of();
    }
    Names of = names.get(inode);
    return of == null ? List.of() : of.known.stream().filter(p -> !p.equals(path)).toList();
  }

  /**
   * How many names the inode at this path has, if not all of them are known here; else 0. A new
   * name is told of by the kernel, but not which file got it: the other name may be in scope,
   * looked at when it was the only one. Only a scan can tell.
   */
  synchronized long partly(ByteString path) {
    @Nullable Inode inode = inodes.get(path);
    Names of = inode == null ? null : names.get(inode);
    return of == null || of.known.size() >= of.all ? 0 : of.all;
  }
}
