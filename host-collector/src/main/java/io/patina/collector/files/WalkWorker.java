package io.patina.collector.files;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.patina.collector.files.WalkQueue.OpenDirectory;
import io.patina.collector.files.WalkQueue.Task;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.Stat;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.scope.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thread of a walk: takes directories from the queue and keeps what it saw for itself. */
final class WalkWorker implements Runnable {
  private static final ByteString ROOT = ByteString.copyFromUtf8("/");
  private static final long NO_DEVICE = -1;
  private static final int DIRECTORY = 4;
  private static final int UNKNOWN = 0;

  private final RootDirectory root;
  private final Scope scope;
  private final Crossings crossings;
  private final FileObserver observer;
  private final SystemCalls calls;
  private final WalkQueue queue;
  private final WalkProgress progress;
  private final DirectoryVisitor visitor;
  private final Gathering gathering;
  private final Pace pace;
  private final Stat stat = new Stat();

  WalkWorker(
      RootDirectory root,
      Scope scope,
      Crossings crossings,
      FileObserver observer,
      WalkQueue queue,
      WalkProgress progress,
      DirectoryVisitor visitor,
      Gathering gathering,
      Pace pace) {
    this.pace = pace;
    this.root = root;
    this.scope = scope;
    this.crossings = crossings;
    this.observer = observer;
    this.calls = observer.calls();
    this.queue = queue;
    this.progress = progress;
    this.visitor = visitor;
    this.gathering = gathering;
  }

  /** Observes the path at which the walk begins and queues it if it is a directory. */
  void start(ByteString path) {
    if (path.size() == 1 && unlistedRoot()) {
      return;
    }
    boolean directory = true;
    if (scope.observesPath(path)) {
      directory = keep(path, observer.observe(path));
    }
    if (directory && scope.entersDirectory(path)) {
      enter(path, NO_DEVICE, task -> queue.put(List.of(task)));
    }
  }

  /**
   * Whether the root cannot be listed. The gap over all that is below it has the key that the root
   * itself would have, and stands for both.
   */
  private boolean unlistedRoot() {
    int descriptor = root.openExact(calls, new byte[] {'/'}, Open.READ | Open.DIRECTORY);
    if (descriptor >= 0) {
      calls.close(descriptor);
      return false;
    }
    gathering.missed(
        Entry.of(new Gap(FactKey.file(join(ROOT, new byte[0])), true, Reasons.of(-descriptor))));
    return true;
  }

  @Override
  public void run() {
    try {
      for (Task task = queue.take(); task != null; task = queue.take()) {
        switch (task) {
          case Task.Directory d -> directory(d);
          case Task.Batch b -> {
            batch(b.directory(), b.names());
            release(b.directory());
          }
        }
      }
    } catch (RuntimeException | Error e) {
      queue.fail(e);
    }
  }

  private void directory(Task.Directory task) {
    int descriptor = root.openExact(calls, task.path().toByteArray(), Open.READ | Open.DIRECTORY);
    if (descriptor < 0) {
      unlisted(task.path(), -descriptor);
      return;
    }
    int answer = calls.stat(descriptor, stat);
    OpenDirectory open =
        new OpenDirectory(task.path(), descriptor, stat.device(), scope.in(task.path()));
    try {
      if (answer < 0) {
        unlisted(task.path(), -answer);
        return;
      }
      if (task.parentDevice() != NO_DEVICE && task.parentDevice() != stat.device()) {
        switch (crossings.into(calls.fileSystem(descriptor), task.path())) {
          case ENTER -> list(open);
          case PASS_BY, OUT_OF_SCOPE -> {
            // Stated by the mount facet.
          }
          case GAP -> gapBelow(task.path(), Gap.UNSUPPORTED);
        }
      } else {
        list(open);
      }
    } finally {
      release(open);
    }
  }

  private void list(OpenDirectory directory) {
    visitor.entering(directory.path, directory.descriptor);
    @Nullable List<byte[]> pending = null;
    while (true) {
      List<byte[]> names = new ArrayList<>();
      int answer =
          calls.list(
              directory.descriptor, (inode, type, name) -> take(directory, type, name, names));
      if (answer < 0) {
        unlisted(directory.path, -answer);
      }
      if (pending != null) {
        // More followed: a large directory, whose parts others may take.
        handOver(directory, pending, answer > 0);
      }
      if (answer <= 0) {
        return;
      }
      pending = names;
    }
  }

  private void handOver(OpenDirectory directory, List<byte[]> names, boolean large) {
    directory.users.incrementAndGet();
    if (!large || !queue.offer(new Task.Batch(directory, names))) {
      directory.users.decrementAndGet();
      batch(directory, names);
    }
  }

  /** Keeps the names that concern the scope, without a system call for the others. */
  private void take(OpenDirectory directory, int type, byte[] name, List<byte[]> into) {
    ByteString path = join(directory.path, name);
    boolean mayHold = type == DIRECTORY || type == UNKNOWN;
    if (directory.scope.observes(path) || (mayHold && directory.scope.enters(path))) {
      into.add(name);
    }
  }

  private void batch(OpenDirectory directory, List<byte[]> names) {
    // In key order the harvest needs little sorting.
    names.sort(Arrays::compareUnsigned);
    List<Task> below = WalkQueue.tasks();
    boolean mounted = crossings.any(directory.path);
    for (byte[] name : names) {
      ByteString path = join(directory.path, name);
      if (path.size() >= FactKey.MAX_NAME) {
        gapBelow(directory.path, Gap.LIMIT);
        continue;
      }
      if (mounted && isShut(directory, path)) {
        continue;
      }
      boolean isDirectory =
          directory.scope.observes(path)
              ? keep(
                  path,
                  observer.observe(
                      directory.descriptor, name, path, directory.scope.attributesOf(path)))
              : isDirectory(directory, name, path);
      if (isDirectory && directory.scope.enters(path)) {
        enter(path, directory.device, below::add);
      }
    }
    queue.put(below.reversed());
  }

  /** Whether what is mounted here is not even looked at; the gap that this may leave is kept. */
  private boolean isShut(OpenDirectory directory, ByteString path) {
    return switch (crossings.at(path, calls)) {
      case ENTER, PASS_BY -> false;
      case OUT_OF_SCOPE -> true;
      case GAP -> {
        if (directory.scope.observes(path)) {
          gathering.missed(Entry.of(new Gap(FactKey.file(path), false, Gap.UNSUPPORTED)));
        }
        if (directory.scope.enters(path)) {
          gapBelow(path, Gap.UNSUPPORTED);
        }
        yield true;
      }
    };
  }

  /** For what is not observed itself, but may hold what is. */
  private boolean isDirectory(OpenDirectory directory, byte[] name, ByteString path) {
    int answer = calls.stat(directory.descriptor, name, stat);
    if (answer < 0) {
      unlisted(path, -answer);
    }
    return answer == 0 && stat.isDirectory();
  }

  private void enter(ByteString path, long device, java.util.function.Consumer<Task> to) {
    switch (crossings.at(path, calls)) {
      case ENTER -> to.accept(new Task.Directory(path, device));
      case PASS_BY, OUT_OF_SCOPE -> {
        // Stated by the mount facet.
      }
      case GAP -> gapBelow(path, Gap.UNSUPPORTED);
    }
  }

  /** Keeps what was seen; answers whether it is a directory. */
  private boolean keep(ByteString path, Observation observation) {
    progress.entries.increment();
    pace.looked();
    return switch (observation) {
      case Observation.Present p -> {
        gathering.present(p.entry(), p.version());
        yield p.directory();
      }
      case Observation.Unchanged u -> {
        gathering.unchanged(path);
        yield u.directory();
      }
      case Observation.Missed m -> {
        gathering.missed(m.gap());
        if (m.mayHold() && scope.entersDirectory(path)) {
          gapBelow(path, m.reason());
        }
        yield false;
      }
      case Observation.Absent a -> false;
    };
  }

  private void unlisted(ByteString directory, int errno) {
    // Gone since its parent was listed, or replaced by a link: then there is nothing below it.
    if (!Reasons.absent(errno)) {
      gapBelow(directory, Reasons.of(errno));
    }
  }

  private void gapBelow(ByteString directory, String reason) {
    gathering.missed(Entry.of(new Gap(FactKey.file(join(directory, new byte[0])), true, reason)));
  }

  private static ByteString join(ByteString directory, byte[] name) {
    // One flat array: long ByteStrings that are joined become trees, slow to match globs against.
    int start = directory.size() == 1 ? 0 : directory.size();
    byte[] path = new byte[start + 1 + name.length];
    if (start > 0) {
      directory.copyTo(path, 0);
    }
    path[start] = '/';
    System.arraycopy(name, 0, path, start + 1, name.length);
    return UnsafeByteOperations.unsafeWrap(path);
  }

  private void release(OpenDirectory directory) {
    if (directory.users.decrementAndGet() == 0) {
      calls.close(directory.descriptor);
    }
  }
}
