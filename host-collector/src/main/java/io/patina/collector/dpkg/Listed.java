package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;

/** Paths as dpkg's files write them. */
final class Listed {

  /** PATH_MAX, and what a fact key may hold at least; a longer line is no path of this system. */
  static final int MAX_BYTES = 4096;

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private Listed() {}

  /** {@code usr/bin/x}, {@code ./usr/bin/x} and {@code /usr/bin/x} as {@code /usr/bin/x}. */
  static ByteString absolute(ByteString path) {
    if (path.startsWith(SLASH)) {
      return path;
    }
    boolean dotted = path.size() > 1 && path.byteAt(0) == '.' && path.byteAt(1) == '/';
    return SLASH.concat(path.substring(dotted ? 2 : 0));
  }

  /** The directory of an absolute path; the root for {@code /x}. */
  static ByteString parent(ByteString path) {
    for (int i = path.size() - 1; i > 0; i--) {
      if (path.byteAt(i) == '/') {
        return path.substring(0, i);
      }
    }
    return SLASH;
  }
}
