package io.patina.collector.spool;

import com.google.protobuf.ByteString;
import io.patina.collector.disk.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A durable queue of records, numbered from 1 in the order of appending. Safe for several threads.
 *
 * <p>Bounded in bytes: when it is full the writer decides what to do, nothing is dropped behind its
 * back. An empty spool takes one batch of any size.
 */
public final class Spool implements AutoCloseable {
  /** What became of an append. */
  public sealed interface Appending {
    /** On disk; the number of the last record. */
    record Kept(long last) implements Appending {}

    /** It would exceed the bound. Nothing was written. */
    record Full() implements Appending {}

    /** The disk refused, for instance because it is full. Nothing was kept. */
    record Failed(IOException cause) implements Appending {}
  }

  /** A record and its number. */
  public record Stored(long number, Outgoing record) {}

  private final Path directory;
  private final long maxBytes;
  private final long segmentBytes;
  private final ReadPosition position;
  private final ArrayDeque<Segment> segments = new ArrayDeque<>();
  private final long damagedSegments;
  private @Nullable Segment active;
  private long next;

  /** Where the last read ended, so that reading on needs no search. */
  private @Nullable Segment cursor;

  private long cursorNumber;
  private long cursorOffset;

  private Spool(
      Path directory, long maxBytes, ReadPosition position, List<Segment> found, long damaged) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.segmentBytes = Math.clamp(maxBytes / 16, 64 * 1024, 4 * 1024 * 1024);
    this.position = position;
    this.segments.addAll(found);
    this.damagedSegments = damaged;
    this.next = Math.max(found.isEmpty() ? 1 : found.getLast().end(), position.next());
  }

  /**
   * Opens a spool and finds every whole record in it.
   *
   * @param directory created if missing
   * @param maxBytes bound of all segments together
   */
  public static Spool open(Path directory, long maxBytes) throws IOException {
    DurableFile.createDirectory(directory);
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> list = Files.newDirectoryStream(directory, "*" + Segment.SUFFIX)) {
      list.forEach(files::add);
    }
    files.sort(null);
    List<Segment> found = new ArrayList<>();
    long damaged = 0;
    for (Path file : files) {
      Segment segment = Segment.open(file);
      if (segment.isDamaged()) {
        damaged++;
      }
      if (segment.records() == 0) {
        segment.delete();
      } else {
        found.add(segment);
      }
    }
    Spool spool =
        new Spool(
            directory,
            maxBytes,
            ReadPosition.open(directory.resolve("acknowledged")),
            found,
            damaged);
    spool.dropAcknowledged();
    return spool;
  }

  /** Segments that ended in a torn or damaged record when the spool was opened. */
  public long damagedSegments() {
    return damagedSegments;
  }

  /** Appends all or nothing; on disk when this answers {@link Appending.Kept}. */
  public synchronized Appending append(List<Outgoing> records) {
    long size = records.stream().mapToLong(r -> Segment.HEADER_BYTES + r.encodedBytes()).sum();
    if (bytes() + size > maxBytes && pending() > 0) {
      return new Appending.Full();
    }
    @Nullable Segment written = null;
    try {
      Segment segment = writable();
      written = segment;
      long end = segment.bytes();
      for (Outgoing r : records) {
        end = segment.write(end, r.encode());
      }
      segment.commit(end, records.size());
      next = segment.end();
      notifyAll();
      return new Appending.Kept(next - 1);
    } catch (IOException e) {
      abandon(written, e);
      return new Appending.Failed(e);
    }
  }

  private Segment writable() throws IOException {
    Segment current = active;
    if (current == null || current.bytes() >= segmentBytes) {
      current = Segment.create(directory, next);
      DurableFile.forceDirectory(directory);
      segments.addLast(current);
      active = current;
    }
    return current;
  }

  private void abandon(@Nullable Segment segment, IOException cause) {
    if (segment == null) {
      return;
    }
    try {
      segment.rollback();
    } catch (IOException e) {
      // The segment ends, for readers, before what could not be taken back.
      cause.addSuppressed(e);
      active = null;
    }
  }

  /** The first record whose number is at least this; empty if there is none yet. */
  public synchronized Optional<Stored> read(long from) throws IOException {
    long wanted = Math.max(from, position.next());
    for (Segment s : segments) {
      if (wanted < s.end()) {
        Optional<Stored> found = readIn(s, Math.max(wanted, s.first));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Stored> readIn(Segment segment, long number) throws IOException {
    if (cursor != segment || cursorNumber > number) {
      cursor = segment;
      cursorNumber = segment.first;
      cursorOffset = 0;
    }
    while (true) {
      Optional<ByteString> content = segment.read(cursorOffset);
      if (content.isEmpty()) {
        // Damaged since it was opened: the rest of this segment is gone.
        return Optional.empty();
      }
      if (cursorNumber == number) {
        try {
          return Optional.of(new Stored(number, Outgoing.decode(content.get())));
        } catch (IllegalArgumentException e) {
          throw new IOException(
              segment.file + " holds a record of a newer collector: " + e.getMessage(), e);
        }
      }
      cursorNumber++;
      cursorOffset += Segment.HEADER_BYTES + content.get().size();
    }
  }

  /** As {@link #read}, waiting for a record to be appended, at most this long. */
  public synchronized Optional<Stored> await(long from, Duration most)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    while (true) {
      Optional<Stored> found = read(from);
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (found.isPresent() || left <= 0) {
        return found;
      }
      wait(left);
    }
  }

  /**
   * The broker has every record up to and including this one. The position is kept without forcing
   * it: after a power failure some records are sent twice.
   */
  public synchronized void acknowledge(long number) throws IOException {
    if (number >= position.next()) {
      position.advance(number + 1);
      dropAcknowledged();
      notifyAll();
    }
  }

  private void dropAcknowledged() throws IOException {
    while (!segments.isEmpty() && segments.getFirst().end() <= position.next()) {
      Segment oldest = segments.getFirst();
      boolean appendable = oldest == active && oldest.bytes() < segmentBytes / 2;
      if (appendable) {
        return;
      }
      forget(segments.removeFirst());
    }
  }

  private void forget(Segment segment) throws IOException {
    if (segment == active) {
      active = null;
    }
    if (segment == cursor) {
      cursor = null;
    }
    segment.delete();
  }

  /**
   * What was dropped.
   *
   * @param reports how many reports
   * @param baselines the baselines among the records: no later report repeats what they say
   */
  public record Dropped(long reports, List<Outgoing> baselines) {
    public Dropped {
      baselines = List.copyOf(baselines);
    }
  }

  /** Drops everything that is not acknowledged. */
  public synchronized Dropped clear() throws IOException {
    long reports = 0;
    List<Outgoing> baselines = new ArrayList<>();
    Optional<Stored> stored = read(0);
    while (stored.isPresent()) {
      switch (stored.get().record().destination()) {
        case REPORTS -> reports++;
        case BASELINES -> baselines.add(stored.get().record());
      }
      stored = read(stored.get().number() + 1);
    }
    // In this order a full disk has room again before anything is written.
    while (!segments.isEmpty()) {
      forget(segments.removeFirst());
    }
    position.advance(next);
    return new Dropped(reports, baselines);
  }

  /** Records that wait for an acknowledgement. */
  public synchronized long pending() {
    return segments.stream()
        .mapToLong(s -> Math.max(0, s.end() - Math.max(s.first, position.next())))
        .sum();
  }

  /** Waits until nothing is pending; answers whether that came true in time. */
  public synchronized boolean awaitEmpty(Duration most) throws InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    while (pending() > 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Bytes of all segments. */
  public synchronized long bytes() {
    return segments.stream().mapToLong(Segment::bytes).sum();
  }

  /** Number of the oldest record that is not acknowledged; empty if there is none. */
  public synchronized OptionalLong oldest() {
    return pending() == 0 ? OptionalLong.empty() : OptionalLong.of(position.next());
  }

  @Override
  public synchronized void close() throws IOException {
    for (Segment s : segments) {
      s.close();
    }
    position.close();
  }
}
