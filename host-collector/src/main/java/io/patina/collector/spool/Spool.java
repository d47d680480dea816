package io.patina.collector.spool;

import com.google.protobuf.ByteString;
import io.patina.collector.disk.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
 * <p>Bounded in bytes and in age: beyond that the writer decides what to do, nothing is dropped
 * behind its back. An empty spool takes one batch of any size.
 */
public final class Spool implements AutoCloseable {
  /** What became of an append. */
  public sealed interface Appending {
    /** On disk; the number of the last record. */
    record Kept(long last) implements Appending {}

    /**
     * It would exceed the bound. Nothing was written.
     *
     * @param bound which one: {@code spool.max-bytes} or {@code spool.max-age}
     */
    record Full(String bound) implements Appending {}

    /** The disk refused, for instance because it is full. Nothing was kept. */
    record Failed(IOException cause) implements Appending {}
  }

  /**
   * A record and its number.
   *
   * @param millis when it was appended, milliseconds since the epoch; 0 if that is not known
   */
  public record Stored(long number, long millis, Outgoing record) {}

  private final Path directory;
  private final Bounds bounds;
  private final long segmentBytes;
  private final Clock clock;
  private final ReadPosition position;
  private final LossNote loss;
  private final ArrayDeque<Segment> segments = new ArrayDeque<>();
  private final long damagedSegments;
  private @Nullable Segment active;
  private long next;

  /** Where the last read ended, so that reading on needs no search. */
  private @Nullable Segment cursor;

  private long cursorNumber;
  private long cursorOffset;

  /** Number of the oldest pending record when its time was last read, and that time. */
  private long oldestNumber;

  private long oldestMillis;
  private long noteFailures;

  /**
   * When the writer must decide.
   *
   * @param bytes of all segments together
   * @param age of the oldest record that is not acknowledged, by this host's wall clock
   */
  public record Bounds(long bytes, Duration age) {}

  private Spool(
      Path directory,
      Bounds bounds,
      Clock clock,
      ReadPosition position,
      LossNote loss,
      List<Segment> found,
      long damaged) {
    this.directory = directory;
    this.bounds = bounds;
    this.clock = clock;
    this.segmentBytes = Math.clamp(bounds.bytes() / 16, 64 * 1024, 4 * 1024 * 1024);
    this.position = position;
    this.loss = loss;
    this.segments.addAll(found);
    this.damagedSegments = damaged;
    this.next = Math.max(found.isEmpty() ? 1 : found.getLast().end(), position.next());
  }

  /** Likewise, without a bound of age. */
  public static Spool open(Path directory, long maxBytes) throws IOException {
    return open(
        directory, new Bounds(maxBytes, Duration.ofMillis(Long.MAX_VALUE)), Clock.systemUTC());
  }

  /**
   * Opens a spool and finds every whole record in it.
   *
   * @param directory created if missing
   */
  public static Spool open(Path directory, Bounds bounds, Clock clock) throws IOException {
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
            bounds,
            clock,
            ReadPosition.open(directory.resolve("acknowledged")),
            LossNote.open(directory.resolve("lost")),
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
    if (bytes() + size > bounds.bytes() && pending() > 0) {
      return new Appending.Full("spool.max-bytes");
    }
    @Nullable Segment written = null;
    try {
      if (oldestAge().compareTo(bounds.age()) > 0) {
        return new Appending.Full("spool.max-age");
      }
      long millis = clock.millis();
      Segment segment = writable();
      written = segment;
      long end = segment.bytes();
      for (Outgoing r : records) {
        end = segment.write(end, r.encode(millis));
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
          ByteString bytes = content.get();
          return Optional.of(new Stored(number, Outgoing.millis(bytes), Outgoing.decode(bytes)));
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

  /**
   * Drops everything that is not acknowledged, and notes the reports among it as lost, together
   * with those that could not even be appended.
   */
  public synchronized Dropped clear(long refused) throws IOException {
    long reports = 0;
    List<Outgoing> baselines = new ArrayList<>();
    long since = pending() == 0 ? clock.millis() : clock.millis() - oldestAge().toMillis();
    Optional<Stored> stored = read(0);
    while (stored.isPresent()) {
      switch (stored.get().record().destination()) {
        case REPORTS -> reports++;
        case BASELINES -> baselines.add(stored.get().record());
      }
      stored = read(stored.get().number() + 1);
    }
    lose(new Loss(since, reports + refused));
    // In this order a full disk has room again before anything is written.
    while (!segments.isEmpty()) {
      forget(segments.removeFirst());
    }
    position.advance(next);
    return new Dropped(reports, baselines);
  }

  /** Notes reports as lost: they were not kept, and the engine has to be told. */
  public void lose(long reports) {
    lose(new Loss(clock.millis(), reports));
  }

  private synchronized void lose(Loss more) {
    if (more.reports() > 0) {
      try {
        loss.add(more, position.next() - 1);
      } catch (IOException e) {
        // Known in memory all the same: only a kill before the next snapshot would forget it.
        noteFailures++;
      }
    }
  }

  /** Times that the disk did not even take the note of a loss. */
  public synchronized long noteFailures() {
    return noteFailures;
  }

  /** What was lost and no record in here tells; the next snapshot has to. */
  public synchronized Optional<Loss> untold() {
    return loss.untold();
  }

  /** The record appended last tells what was lost. */
  public synchronized void told() throws IOException {
    if (loss.untold().isPresent()) {
      loss.toldBy(next - 1);
    }
  }

  /** How long the oldest record has been waiting; zero where nothing is or its time is unknown. */
  public synchronized Duration oldestAge() throws IOException {
    if (pending() == 0) {
      return Duration.ZERO;
    }
    long oldest = Math.max(position.next(), segments.getFirst().first);
    if (oldest != oldestNumber) {
      // Whoever reads on must not have to search again because of this.
      Segment cursorThen = cursor;
      long numberThen = cursorNumber;
      long offsetThen = cursorOffset;
      oldestMillis = read(oldest).map(Stored::millis).orElse(0L);
      oldestNumber = oldest;
      cursor = cursorThen;
      cursorNumber = numberThen;
      cursorOffset = offsetThen;
    }
    return oldestMillis == 0
        ? Duration.ZERO
        : Duration.ofMillis(Math.max(0, clock.millis() - oldestMillis));
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
    loss.close();
  }
}
