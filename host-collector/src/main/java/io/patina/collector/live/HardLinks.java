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

  private final Consumer<ByteString> discovered;
  private final Map<ByteString, Inode> inodes = new HashMap<>();
  private final Map<Inode, Set<ByteString>> names = new HashMap<>();

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
        names.computeIfAbsent(inode, i -> new HashSet<>()).add(path);
      }
    }
    if (news) {
      discovered.accept(path);
    }
  }

  private void forget(ByteString path) {
    @Nullable Inode inode = inodes.remove(path);
    if (inode != null) {
      Set<ByteString> left = names.get(inode);
      if (left != null) {
        left.remove(path);
        if (left.isEmpty()) {
          names.remove(inode);
        }
      }
    }
  }

  /** The path is gone. */
  synchronized void gone(ByteString path) {
    forget(path);
  }

  /** The other names in scope of what is, or was, at this path. */
  synchronized List<ByteString> others(ByteString path) {
    @Nullable Inode inode = inodes.get(path);
    if (inode == null) {
      return List.of();
    }
    return names.getOrDefault(inode, Set.of()).stream().filter(p -> !p.equals(path)).toList();
  }
}
