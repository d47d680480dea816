package io.patina.collector.spool;

import com.google.protobuf.ByteString;
import io.patina.wire.Topics;
import java.nio.ByteBuffer;

/**
 * One record for Kafka.
 *
 * <p>On disk: destination (1 byte), the time of appending (8, milliseconds since the epoch), length
 * of the key (2), key, value; all big-endian. Without {@link #TIMED} in the first byte, as
 * collectors before 0.2 wrote it, there is no time.
 */
public record Outgoing(Destination destination, ByteString key, ByteString value) {
  /** Where a record goes; the numbers are on disk and never change. */
  public enum Destination {
    REPORTS(1, Topics.REPORTS),
    BASELINES(2, Topics.BASELINES);

    private final int number;
    private final String topic;

    Destination(int number, String topic) {
      this.number = number;
      this.topic = topic;
    }

    public String topic() {
      return topic;
    }

    static Destination numbered(int number) {
      for (Destination d : values()) {
        if (d.number == number) {
          return d;
        }
      }
      throw new IllegalArgumentException("no destination has number " + number);
    }
  }

  /** Added to the number of the destination where a time follows. */
  private static final int TIMED = 0x40;

  public Outgoing {
    if (key.size() > 0xffff) {
      throw new IllegalArgumentException("a key of " + key.size() + " bytes");
    }
  }

  ByteBuffer encode(long millis) {
    ByteBuffer out = ByteBuffer.allocate(encodedBytes());
    out.put((byte) (destination.number | TIMED)).putLong(millis).putShort((short) key.size());
    key.copyTo(out);
    value.copyTo(out);
    return out.flip();
  }

  int encodedBytes() {
    return 1 + Long.BYTES + Short.BYTES + key.size() + value.size();
  }

  /**
   * When it was appended, milliseconds since the epoch; 0 where that was not written.
   *
   * @throws IllegalArgumentException as {@link #decode}
   */
  static long millis(ByteString bytes) {
    boolean timed = !bytes.isEmpty() && (bytes.byteAt(0) & TIMED) != 0;
    if (timed && bytes.size() < 1 + Long.BYTES) {
      throw new IllegalArgumentException("a record of " + bytes.size() + " bytes");
    }
    return timed ? bytes.asReadOnlyByteBuffer().getLong(1) : 0;
  }

  /**
   * @throws IllegalArgumentException if these bytes, whose checksum was right, are of a form that
   *     this version does not know
   */
  static Outgoing decode(ByteString bytes) {
    boolean timed = !bytes.isEmpty() && (bytes.byteAt(0) & TIMED) != 0;
    int at = timed ? 1 + Long.BYTES : 1;
    int start = at + Short.BYTES;
    if (bytes.size() < start) {
      throw new IllegalArgumentException("a record of " + bytes.size() + " bytes");
    }
    int key = (bytes.byteAt(at) & 0xff) << 8 | (bytes.byteAt(at + 1) & 0xff);
    if (bytes.size() < start + key) {
      throw new IllegalArgumentException("a record shorter than its key");
    }
    return new Outgoing(
        Destination.numbered(bytes.byteAt(0) & ~TIMED),
        bytes.substring(start, start + key),
        bytes.substring(start + key));
  }
}
