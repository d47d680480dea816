package io.patina.collector.files;

import io.patina.collector.syscalls.Stat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Makes sure that a file with several names (hard links) is read once in a walk. */
final class SharedInodes {
  private record Version(long device, long inode, long size, long modified, long changed) {}

  private final ConcurrentHashMap<Version, CompletableFuture<FileReader.Outcome>> known =
      new ConcurrentHashMap<>();

  /** The outcome of the first who asked for this inode in this version. */
  FileReader.Outcome once(Stat stat, Supplier<FileReader.Outcome> read) {
    if (stat.links() < 2) {
      return read.get();
    }
    Version version =
        new Version(stat.device(), stat.inode(), stat.size(), stat.modified(), stat.changed());
    CompletableFuture<FileReader.Outcome> mine = new CompletableFuture<>();
    CompletableFuture<FileReader.Outcome> first = known.putIfAbsent(version, mine);
    if (first != null) {
      return first.join();
    }
    try {
      FileReader.Outcome outcome = read.get();
      mine.complete(outcome);
      return outcome;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    }
  }
}
