package io.patina.imports.archives;

import com.github.luben.zstd.ZstdInputStream;
import io.patina.imports.InvalidImportException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks what is packed, by its first bytes and not by its name. */
final class Compression {

  /** What the dictionary of {@code xz -9} needs, in KiB; a file can ask for 4 GiB. */
  private static final int XZ_MEMORY = 70 << 10;

  private Compression() {}

  /** The plain bytes, buffered. */
  static InputStream unpack(InputStream raw, String what)
      throws IOException, InvalidImportException {
    BufferedInputStream in = new BufferedInputStream(raw, 1 << 16);
    in.mark(8);
    String start = HexFormat.of().formatHex(in.readNBytes(6));
    in.reset();
    if (start.startsWith("1f8b")) {
      return new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16);
    } else if (start.startsWith("fd377a585a00")) {
      return new BufferedInputStream(new XZInputStream(in, XZ_MEMORY), 1 << 16);
    } else if (start.startsWith("28b52ffd")) {
      return new BufferedInputStream(new ZstdInputStream(in), 1 << 16);
    } else if (start.startsWith("425a68")) {
      throw new InvalidImportException(
          what + " is packed with bzip2, which is not read; unpack it, or pack it with zstd");
    }
    return in;
  }
}
