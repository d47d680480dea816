package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.scope.DirectoryScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Work that waits for a worker. Last in, first out: a walk that goes deep first keeps the fewest
 * directories waiting.
 */
final class WalkQueue {
  /** Something to do. */
  sealed interface Task {
    /** List a directory and observe what is in it. */
    record Directory(ByteString path, long parentDevice) implements Task {}

    /** Observe these names of a directory that is already open. */
    record Batch(OpenDirectory directory, List<byte[]> names) implements Task {}
  }

  /** An open directory that several batches share; closed with the last of them. */
  static final class OpenDirectory {
    final ByteString path;
    final int descriptor;
    final long device;
    final DirectoryScope scope;
    final AtomicInteger users = new AtomicInteger(1);

    OpenDirectory(ByteString path, int descriptor, long device, DirectoryScope scope) {
      this.path = path;
      this.descriptor = descriptor;
      this.device = device;
      this.scope = scope;
    }
  }

  private final int workers;
  private final ArrayDeque<Task> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int idle;
  private int batches;
  private boolean over;
  private @Nullable Throwable failure;

  WalkQueue(int workers) {
    this.workers = workers;
  }

  void put(List<Task> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      tasks.forEach(waiting::push);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Offers a batch to other workers; false if enough of them wait already. */
  boolean offer(Task.Batch batch) {
    lock.lock();
    try {
      if (workers == 1 || batches >= 2 * workers) {
        return false;
      }
      batches++;
      waiting.push(batch);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The next task, waiting for one; null when all are idle and nothing is left. */
  @Nullable Task take() {
    lock.lock();
    try {
      idle++;
      while (waiting.isEmpty() && !over) {
        if (idle == workers) {
          over = true;
          changed.signalAll();
        } else {
          changed.awaitUninterruptibly();
        }
      }
      if (over) {
        return null;
      }
      idle--;
      Task task = waiting.pop();
      if (task instanceof Task.Batch) {
        batches--;
      }
      return task;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the walk for everyone. */
  void fail(Throwable cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Nullable Throwable failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  /** For {@link WalkWorker}: a list to collect tasks in. */
  static List<Task> tasks() {
    return new ArrayList<>();
  }
}
