package io.patina.manifest;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.patina.packing.Scratch;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A manifest on disk: its canonical bytes in one zstd frame. */
public final class ManifestFile {

  /** Largest canonical form read, in bytes; about five million facts. */
  public static final long MAX_BYTES = 1L << 30;

  private static final int ZSTD_MAGIC = 0xFD2FB528;

  private ManifestFile() {}

  /** Writes beside the target and renames, so that a reader sees all of it or nothing. */
  public static void write(Manifest manifest, Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path partial = Files.createTempFile(directory, file.getFileName().toString(), ".partial");
    try {
      try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(partial), 3)) {
        manifest.writeTo(out);
      }
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /**
   * Reads a manifest, compressed or not.
   *
   * @throws MalformedManifestException if it is not one, or larger than {@link #MAX_BYTES}
   * @throws IOException if the file cannot be read
   */
  public static Manifest read(Path file) throws IOException, MalformedManifestException {
    return read(file, MAX_BYTES);
  }

  /**
   * Likewise with a bound of one's own.
   *
   * @param maxBytes largest canonical form read, at most {@link #MAX_BYTES}
   */
  public static Manifest read(Path file, long maxBytes)
      throws IOException, MalformedManifestException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return read(in, maxBytes);
    }
  }

  /** Likewise from a stream that supports marks, which it leaves open. */
  public static Manifest read(InputStream in) throws IOException, MalformedManifestException {
    return read(in, MAX_BYTES);
  }

  private static Manifest read(InputStream in, long maxBytes)
      throws IOException, MalformedManifestException {
    try {
      return Manifest.decode(content(in, Math.min(maxBytes, MAX_BYTES)));
    } catch (ZstdIOException e) {
      throw new MalformedManifestException("not a whole zstd frame: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a manifest into packed form, without ever holding all of it unpacked.
   *
   * @throws MalformedManifestException if it is not one, or larger than {@link #MAX_BYTES}
   * @throws IOException if the file cannot be read
   */
  public static Manifest readPacked(Path file, Scratch scratch)
      throws IOException, MalformedManifestException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      ManifestReader reader =
          new ManifestReader(
              CodedInputStream.newInstance(new Bounded(unpacking(in), MAX_BYTES + 1), 1 << 16));
      ManifestBuilder builder = ManifestBuilder.packed(reader.scope(), scratch);
      while (reader.hasNext()) {
        builder.add(reader.next());
      }
      if (reader.position() > MAX_BYTES) {
        throw new MalformedManifestException("over " + MAX_BYTES + " bytes unpacked");
      }
      return builder.build();
    } catch (ZstdIOException e) {
      throw new MalformedManifestException("not a whole zstd frame: " + e.getMessage(), e);
    }
  }

  private static InputStream unpacking(InputStream in) throws IOException {
    in.mark(4);
    byte[] start = in.readNBytes(4);
    in.reset();
    return isZstd(start) ? new ZstdInputStream(in) : in;
  }

  private static ByteString content(InputStream in, long maxBytes)
      throws IOException, MalformedManifestException {
    // One byte more than allowed, to tell "just fits" from "too large".
    ByteString content = ByteString.readFrom(new Bounded(unpacking(in), maxBytes + 1));
    if (content.size() > maxBytes) {
      throw new MalformedManifestException("over " + maxBytes + " bytes unpacked");
    }
    return content;
  }

  private static boolean isZstd(byte[] start) {
    return start.length == 4
        && ((start[0] & 0xff)
                | (start[1] & 0xff) << 8
                | (start[2] & 0xff) << 16
                | (start[3] & 0xff) << 24)
            == ZSTD_MAGIC;
  }

  /** Ends the stream at the bound. */
  private static final class Bounded extends java.io.FilterInputStream {
    private long left;

    Bounded(InputStream in, long bound) {
      super(in);
      this.left = bound;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      int b = in.read();
      left -= b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(target, offset, (int) Math.min(length, left));
      left -= Math.max(n, 0);
      return n;
    }
  }
}
