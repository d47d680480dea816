package io.patina.collector.files;

import io.patina.collector.syscalls.Stat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Makes sure that a file with several names (hard links) is read once in a walk. */
final class SharedInodes {
  private record Version(
      long device, long inode, long size, long modified, long changed, boolean md5) {}

  private final ConcurrentHashMap<Version, CompletableFuture<FileReader.Outcome>> known =
      new ConcurrentHashMap<>();

  /**
   * The outcome of the first who asked for this inode in this version.
   *
   * @param md5 whether the read makes an MD5 too: rules may ask for it of one name only
   */
  FileReader.Outcome once(Stat stat, boolean md5, Supplier<FileReader.Outcome> read) {
    if (stat.links() < 2) {
      return read.get();
    }
    Version version =
        new Version(stat.device(), stat.inode(), stat.size(), stat.modified(), stat.changed(), md5);
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
