package io.patina.collector.identity;

import com.google.protobuf.ByteString;
import io.patina.wire.v1.Moment;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/**
 * This host's clocks: wall clock, time since boot, and which boot it is. Evidence for people; the
 * engine judges by the broker's clock.
 */
public final class HostClock {
  private final Clock wall;
  private final Path uptime;
  private final ByteString bootId;

  /**
   * Reads the boot id once: it cannot change while this process lives.
   *
   * @param proc usually {@code /proc}
   */
  public HostClock(Clock wall, Path proc) {
    this.wall = wall;
    this.uptime = proc.resolve("uptime");
    this.bootId = bootId(proc.resolve("sys/kernel/random/boot_id"));
  }

  /** Now. Time since boot has the 10 ms resolution of {@code /proc/uptime}, 0 if unreadable. */
  public Moment now() {
    return Moment.newBuilder()
        .setWallMicros(micros())
        .setBoottimeMicros(boottimeMicros())
        .setBootId(bootId)
        .build();
  }

  /** Wall clock, microseconds since the epoch. */
  public long micros() {
    Instant now = wall.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  /** 16 bytes, or none where the kernel does not say. */
  public ByteString bootId() {
    return bootId;
  }

  private long boottimeMicros() {
    try {
      String text = SmallFile.read(uptime);
      int space = text.indexOf(' ');
      return new BigDecimal(text.substring(0, Math.max(space, 0)))
          .movePointRight(6)
          .longValueExact();
    } catch (IOException | ArithmeticException | NumberFormatException e) {
      // Stated as unknown: a report without it is still a report.
      return 0;
    }
  }

  private static ByteString bootId(Path file) {
    try {
      UUID id = UUID.fromString(SmallFile.read(file));
      ByteBuffer bytes = ByteBuffer.allocate(16);
      bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
      return ByteString.copyFrom(bytes);
    } catch (IOException | IllegalArgumentException e) {
      // Likewise: the wire has a form for "unknown".
      return ByteString.EMPTY;
    }
  }
}
