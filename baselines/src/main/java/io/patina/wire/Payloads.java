package io.patina.wire;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.google.protobuf.ByteString;

/** Payloads in one zstd frame that declares its content size, unpacked within a bound. */
public final class Payloads {

  /** Largest content accepted, in bytes. Collectors cut snapshots into parts well below it. */
  public static final int MAX_CONTENT = 16 * 1024 * 1024;

  /** Largest frame accepted, in bytes: below Kafka's default of 1 MiB per record. */
  public static final int MAX_FRAME = 1000 * 1000;

  /** What a frame is packed to hold at most before a snapshot starts its next part, in bytes. */
  public static final int PART_CONTENT = 2 * 1024 * 1024;

  private static final int LEVEL = 3;

  private Payloads() {}

  public static ByteString pack(ByteString content) {
    return ByteString.copyFrom(Zstd.compress(content.toByteArray(), LEVEL));
  }

  /**
   * Unpacks a frame that may be hostile. The declared size is checked before anything is allocated.
   *
   * @throws IllegalArgumentException if it is not one frame, declares no size or too large a one
   */
  public static ByteString unpack(ByteString frame) {
    if (frame.size() > MAX_FRAME) {
      throw new IllegalArgumentException("a frame of " + frame.size() + " bytes is too large");
    }
    byte[] bytes = frame.toByteArray();
    if (!ZstdFrame.isAlone(bytes)) {
      throw new IllegalArgumentException("not one zstd frame");
    }
    long declared = Zstd.getFrameContentSize(bytes, 0, bytes.length);
    if (declared < 0) {
      throw new IllegalArgumentException("not a zstd frame that declares its size");
    }
    if (declared > MAX_CONTENT) {
      throw new IllegalArgumentException(
          "a frame that declares " + declared + " bytes, more than " + MAX_CONTENT);
    }
    byte[] content = new byte[(int) declared];
    try {
      long size = Zstd.decompress(content, bytes);
      if (Zstd.isError(size)) {
        throw new IllegalArgumentException("not a zstd frame: " + Zstd.getErrorName(size));
      }
      if (size != declared) {
        throw new IllegalArgumentException("a frame that is shorter than it declares");
      }
    } catch (ZstdException e) {
      throw new IllegalArgumentException("not a zstd frame: " + e.getMessage(), e);
    }
    return ByteString.copyFrom(content);
  }
}
