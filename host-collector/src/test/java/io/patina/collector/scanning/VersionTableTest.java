package io.patina.collector.scanning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.Stat;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionTableTest {
  private static final ByteString INSTALLATION = ByteString.copyFromUtf8("0123456789abcdef");
  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("scope"));

  @TempDir Path directory;
  private final Clock later = Clock.fixed(Instant.now().plus(Duration.ofHours(1)), ZoneOffset.UTC);

  private VersionTable table(Clock clock) {
    return new VersionTable(clock, (path, stat) -> {}, 42);
  }

  private static Stat stat(Path file) {
    SystemCalls calls = new SystemCalls();
    Stat stat = new Stat();
    int open = calls.open(-100, bytes(file), Open.READ);
    assertTrue(open >= 0);
    assertEquals(0, calls.stat(open, stat));
    calls.close(open);
    return stat;
  }

  private static byte[] bytes(Path file) {
    return file.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ByteString path(int i) {
    return ByteString.copyFromUtf8("/some/path/" + i);
  }

  private static Entry entry(ByteString path, String size) {
    return Entry.of(FactKey.file(path), new Attributes.Builder().text("size", size).build());
  }

  @Test
  void aVersionIsKnownUntilTheFileChangesOrIsForgotten() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "one");
    VersionTable table = table(later);
    Stat seen = stat(file);
    Entry entry = entry(path(1), "3");
    assertFalse(table.unchanged(path(1), seen));
    table.confirm(entry, table.version(path(1), seen));
    assertTrue(table.unchanged(path(1), seen));
    assertFalse(table.unchanged(path(2), seen));
    table.everyByte(true);
    assertFalse(table.unchanged(path(1), seen));
    table.everyByte(false);
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    assertFalse(table.unchanged(path(1), stat(file)));
    table.forget(path(1));
    assertFalse(table.unchanged(path(1), seen));
  }

  @Test
  void whatChangedAMomentAgoIsLookedAtAgain() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "one");
    VersionTable table = table(Clock.systemUTC());
    Stat seen = stat(file);
    long version = table.version(path(1), seen);
    assertEquals(KnownVersions.NONE_KEPT, version);
    table.confirm(entry(path(1), "3"), version);
    assertFalse(table.unchanged(path(1), seen));
  }

  /**
   * A scan compares with the state as it was when it began. What was mounted over a path meanwhile
   * made it absent; taken for known, it would stay so when the mount is gone.
   */
  @Test
  void aScanConfirmsNothingOfWhatHasMovedOnSinceItBegan() throws IOException {
    Stat seen = stat(Files.writeString(directory.resolve("f"), "one"));
    VersionTable table = table(later);
    long version = table.version(path(1), seen);
    table.scanBegins();
    table.forget(path(1));
    table.confirmScanned(entry(path(1), "3"), version);
    table.confirmScanned(entry(path(2), "3"), version);
    assertFalse(table.unchanged(path(1), seen));
    assertTrue(table.unchanged(path(2), seen));
    table.confirm(entry(path(3), "3"), version);
    table.confirmScanned(entry(path(3), "4"), KnownVersions.NONE_KEPT);
    assertTrue(table.unchanged(path(3), seen));
    table.scanEnds();
    table.scanBegins();
    table.confirmScanned(entry(path(1), "3"), version);
    assertTrue(table.unchanged(path(1), seen));
  }

  @Test
  void aNameListedTwiceWithDifferentEntriesIsLookedAtAgain() throws IOException {
    Stat seen = stat(Files.writeString(directory.resolve("f"), "one"));
    VersionTable table = table(later);
    long version = table.version(path(1), seen);
    table.confirmFirst(entry(path(1), "3"), version);
    assertTrue(table.unchanged(path(1), seen));
    table.confirmFirst(entry(path(1), "4"), version);
    assertFalse(table.unchanged(path(1), seen));
  }

  @Test
  void theTableOnDiskIsTheTable() throws IOException {
    VersionTable table = table(later);
    Stat seen = stat(Files.writeString(directory.resolve("f"), "one"));
    for (int i = 0; i < 20_000; i++) {
      table.confirm(entry(path(i), "3"), table.version(path(i), seen));
    }
    VersionFile file = new VersionFile(directory, INSTALLATION, SCOPE);
    file.write(table, 17);
    VersionTable read = new VersionTable(later, (path, stat) -> {}, 99);
    assertEquals(new VersionFile.Reading.Read(17), file.read(read));
    assertEquals(table.size(), read.size());
    for (int i = 0; i < 20_000; i++) {
      assertTrue(read.unchanged(path(i), seen));
      assertTrue(read.holds(entry(path(i), "3")));
      assertFalse(read.holds(entry(path(i), "4")));
    }
  }

  @Test
  void aDamagedOrForeignTableIsIgnoredAndSaysWhy() throws IOException {
    VersionTable table = table(later);
    Stat seen = stat(Files.writeString(directory.resolve("f"), "one"));
    table.confirm(entry(path(1), "3"), table.version(path(1), seen));
    VersionFile file = new VersionFile(directory, INSTALLATION, SCOPE);
    assertInstanceOf(VersionFile.Reading.Missing.class, file.read(table(later)));
    file.write(table, 17);
    Path on = directory.resolve("versions");
    byte[] whole = Files.readAllBytes(on);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 1;
      Files.write(on, flipped);
      VersionTable read = table(later);
      assertInstanceOf(VersionFile.Reading.Ignored.class, file.read(read), "byte " + i);
      assertFalse(read.unchanged(path(1), seen));
    }
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(on, java.util.Arrays.copyOf(whole, length));
      assertInstanceOf(VersionFile.Reading.Ignored.class, file.read(table(later)));
    }
    Files.write(on, whole);
    ByteString other = ByteString.copyFromUtf8("another host 16b");
    assertEquals(
        new VersionFile.Reading.Ignored("it belongs to another installation"),
        new VersionFile(directory, other, SCOPE).read(table(later)));
    Digest scope = Digest.of(ByteString.copyFromUtf8("other"));
    assertEquals(
        new VersionFile.Reading.Ignored("it was written under another scope"),
        new VersionFile(directory, INSTALLATION, scope).read(table(later)));
  }

  @Test
  void everyByteIsDueOnceADayAtAMomentOfItsOwn() {
    Duration day = Duration.ofHours(24);
    long micros = day.toNanos() / 1000;
    Set<Long> moments = new HashSet<>();
    for (int host = 0; host < 100; host++) {
      ByteString id = Digest.of(path(host)).bytes().substring(0, 16);
      FullCompares compares = new FullCompares(id, day);
      long start = 1_000 * micros;
      assertTrue(compares.due(0, start));
      assertTrue(compares.due(start + 1, start), "a clock that was set back");
      assertFalse(compares.due(start, start));
      assertTrue(compares.due(start, start + micros));
      // At some minute of the day it becomes due, and is not again until the same one of the next.
      long minute = 60_000_000;
      long at = start;
      while (!compares.due(start, at)) {
        at += minute;
      }
      assertTrue(at <= start + micros);
      assertFalse(compares.due(at, at + micros - minute));
      assertTrue(compares.due(at, at + micros));
      moments.add((at - start) / (3600 * 1_000_000L));
    }
    assertNotEquals(1, moments.size());
    assertTrue(moments.size() > 15, "hours of the day in use: " + moments.size());
  }
}
