package io.patina.collector.live;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether packages are being installed, upgraded or removed right now, from the traces that dpkg
 * and rpm leave: a lock that somebody holds, a journal of updates, a database that has just
 * changed.
 *
 * <p>Locks are found in {@code /proc/locks} by inode number alone, because some file systems show
 * another device there than to stat; taking the lock to try it would disturb the package manager.
 */
final class PackageActivity {
  /** How long after the last trace a transaction still counts as going on. */
  static final Duration SETTLING = Duration.ofSeconds(2);

  private static final List<String> DATABASES =
      List.of(
          "var/lib/dpkg/status",
          "var/lib/dpkg/diversions",
          "var/lib/dpkg/statoverride",
          "var/lib/rpm/rpmdb.sqlite",
          "var/lib/rpm/rpmdb.sqlite-wal",
          "var/lib/rpm/Packages.db",
          "usr/lib/sysimage/rpm/rpmdb.sqlite",
          "usr/lib/sysimage/rpm/rpmdb.sqlite-wal",
          "usr/lib/sysimage/rpm/Packages.db");

  private static final List<String> LOCKS =
      List.of(
          "var/lib/dpkg/lock",
          "var/lib/dpkg/lock-frontend",
          "var/lib/rpm/.rpm.lock",
          "usr/lib/sysimage/rpm/.rpm.lock");

  private static final Pattern LOCK = Pattern.compile(":([0-9]+) [0-9]+ (?:[0-9]+|EOF)$");

  private final Path root;
  private final Path locks;
  private List<String> stamp;
  private long lastTrace = System.nanoTime() - SETTLING.toNanos();

  /**
   * @param proc usually {@code /proc}
   */
  PackageActivity(Path root, Path proc) {
    this.root = root;
    this.locks = proc.resolve("locks");
    this.stamp = readStamp();
  }

  /** Looks for traces; answers whether a transaction is in progress or has just ended. */
  synchronized boolean inProgress() {
    List<String> now = readStamp();
    if (!now.equals(stamp) || isLocked() || hasJournal()) {
      stamp = now;
      lastTrace = System.nanoTime();
    }
    return System.nanoTime() - lastTrace < SETTLING.toNanos();
  }

  /** Names this state of the databases: equal while they are untouched. */
  synchronized List<String> stamp() {
    return stamp;
  }

  private List<String> readStamp() {
    List<String> all = new ArrayList<>();
    for (String name : DATABASES) {
      try {
        var a =
            Files.readAttributes(
                root.resolve(name), "unix:ino,size,ctime", LinkOption.NOFOLLOW_LINKS);
        all.add(name + " " + a.get("ino") + " " + a.get("size") + " " + a.get("ctime"));
      } catch (IOException e) {
        // Few hosts have all of them; one that cannot be read now is as if it were not there.
        all.add(name + " -");
      }
    }
    return all;
  }

  private boolean isLocked() {
    Set<String> inodes = new HashSet<>();
    for (String name : LOCKS) {
      try {
        inodes.add(String.valueOf(Files.getAttribute(root.resolve(name), "unix:ino")));
      } catch (IOException e) {
        // No such lock file: nobody holds it.
      }
    }
    return !inodes.isEmpty() && lockedInodes().stream().anyMatch(inodes::contains);
  }

  private Set<String> lockedInodes() {
    try {
      return parse(Files.readAllLines(locks));
    } catch (IOException e) {
      // Without /proc only the databases themselves tell.
      return Set.of();
    }
  }

  /** Inode numbers of the locked files; form: proc_locks(5). */
  static Set<String> parse(List<String> lines) {
    Set<String> inodes = new HashSet<>();
    for (String line : lines) {
      Matcher m = LOCK.matcher(line.strip());
      if (m.find()) {
        inodes.add(m.group(1));
      }
    }
    return inodes;
  }

  /** dpkg keeps what it did since the last checkpoint in {@code updates/}. */
  private boolean hasJournal() {
    try (DirectoryStream<Path> updates =
        Files.newDirectoryStream(root.resolve("var/lib/dpkg/updates"), "[0-9]*")) {
      return updates.iterator().hasNext();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      // Unreadable for us; then the locks and databases have to tell.
      return false;
    }
  }
}
