package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.collector.mounts.MountTable;
import io.patina.scope.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks everything in scope and observes it, with several threads.
 *
 * <p>Directories are opened below the root without following a link, so nothing leads outside.
 * Pseudo file systems and automount points are not entered; a remote file system is a gap; a bind
 * mount of a directory that is in scope under its other path is not visited twice. A directory that
 * cannot be listed is a gap over what is below it.
 */
public final class TreeWalk {
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private final RootDirectory root;
  private final Scope scope;
  private final Crossings crossings;
  private final KnownDigests known;
  private final int threads;
  private final WalkProgress progress;

  /**
   * A walk that can be run again and again.
   *
   * @param mounts as seen from the root; {@link MountTable#EMPTY} where that is not known
   * @param threads 1 or more; each needs about half a megabyte
   */
  public TreeWalk(
      RootDirectory root,
      Scope scope,
      MountTable mounts,
      KnownDigests known,
      int threads,
      WalkProgress progress) {
    this.root = root;
    this.scope = scope;
    this.crossings = new Crossings(mounts, scope);
    this.known = known;
    this.threads = Math.max(1, threads);
    this.progress = progress;
  }

  /** Everything in scope. */
  public Harvest walk() {
    return walk(SLASH);
  }

  /**
   * Everything in scope at and below one path.
   *
   * @param start absolute inside the root, without trailing slash
   */
  public Harvest walk(ByteString start) {
    return walk(start, DirectoryVisitor.NONE);
  }

  /**
   * Whether a walk of everything comes to this path, as far as mounts decide: what lies below a
   * mount that is not entered is not looked at, though it may be there.
   */
  public boolean reaches(ByteString path) {
    for (int i = path.size() - 1; i > 0; i--) {
      if (path.byteAt(i) == '/' && crossings.at(path.substring(0, i)) != Crossings.Decision.ENTER) {
        return false;
      }
    }
    return true;
  }

  /** As {@link #walk(ByteString)}, telling of every directory before it is listed. */
  public Harvest walk(ByteString start, DirectoryVisitor visitor) {
    WalkQueue queue = new WalkQueue(threads);
    SharedInodes shared = new SharedInodes();
    List<WalkWorker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(
          new WalkWorker(
              root,
              scope,
              crossings,
              new FileObserver(root, scope, known, shared, progress.bytes),
              queue,
              progress,
              visitor));
    }
    workers.getFirst().start(start);
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      others.add(Thread.ofPlatform().name("patina-scan-" + i).daemon().start(workers.get(i)));
    }
    workers.getFirst().run();
    for (Thread t : others) {
      join(t);
    }
    @Nullable Throwable failure = queue.failure();
    if (failure != null) {
      throw new IllegalStateException("the walk failed: " + failure, failure);
    }
    return Harvest.of(workers.stream().map(WalkWorker::harvest).toList());
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // The worker ends by itself; its results are needed. The interrupt is kept for the caller.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
