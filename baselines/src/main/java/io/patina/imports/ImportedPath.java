package io.patina.imports;

import com.google.protobuf.ByteString;
import io.patina.facts.FactKey;

/** Paths of sources as paths inside a root: absolute, without empty, {@code .} or {@code ..}. */
public final class ImportedPath {

  /** The root itself. */
  public static final ByteString ROOT = ByteString.copyFromUtf8("/");

  private ImportedPath() {}

  /**
   * The key of a path that may be relative or absolute.
   *
   * @throws InvalidImportException if it leaves the root, contains NUL, or is too long
   */
  public static FactKey key(ByteString raw, String where) throws InvalidImportException {
    return FactKey.file(absolute(raw, where));
  }

  /** Likewise the path alone: {@code /} for the root itself. */
  public static ByteString absolute(ByteString raw, String where) throws InvalidImportException {
    int size = raw.size();
    byte[] out = new byte[size + 1];
    int length = 0;
    int from = 0;
    for (int i = 0; i <= size; i++) {
      byte b = i == size ? (byte) '/' : raw.byteAt(i);
      if (b == 0) {
        throw new InvalidImportException(where + ": a path with a NUL byte");
      }
      if (b != '/') {
        continue;
      }
      int part = i - from;
      boolean dots = part > 0 && part <= 2 && raw.byteAt(from) == '.';
      if (dots && part == 2 && raw.byteAt(from + 1) == '.') {
        throw new InvalidImportException(where + ": a path with .. leads out of the root");
      }
      if (part > 0 && !(dots && part == 1)) {
        out[length++] = '/';
        raw.substring(from, i).copyTo(out, length);
        length += part;
      }
      from = i + 1;
    }
    if (length > FactKey.MAX_NAME) {
      throw new InvalidImportException(
          where + ": a path of " + length + " bytes; at most " + FactKey.MAX_NAME);
    }
    return length == 0 ? ROOT : ByteString.copyFrom(out, 0, length);
  }
}
