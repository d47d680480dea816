package io.patina.collector.spool;

import com.google.protobuf.ByteString;
import io.patina.wire.Topics;
import java.nio.ByteBuffer;

/**
 * One record for Kafka.
 *
 * <p>On disk: destination (1 byte), length of the key (2, big-endian), key, value.
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

  public Outgoing {
    if (key.size() > 0xffff) {
      throw new IllegalArgumentException("a key of " + key.size() + " bytes");
    }
  }

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(encodedBytes());
    out.put((byte) destination.number).putShort((short) key.size());
    key.copyTo(out);
    value.copyTo(out);
    return out.flip();
  }

  int encodedBytes() {
    return 3 + key.size() + value.size();
  }

  /**
   * @throws IllegalArgumentException if these bytes, whose checksum was right, are of a form that
   *     this version does not know
   */
  static Outgoing decode(ByteString bytes) {
    if (bytes.size() < 3) {
      throw new IllegalArgumentException("a record of " + bytes.size() + " bytes");
    }
    int key = (bytes.byteAt(1) & 0xff) << 8 | (bytes.byteAt(2) & 0xff);
    if (bytes.size() < 3 + key) {
      throw new IllegalArgumentException("a record shorter than its key");
    }
    return new Outgoing(
        Destination.numbered(bytes.byteAt(0)),
        bytes.substring(3, 3 + key),
        bytes.substring(3 + key));
  }
}
