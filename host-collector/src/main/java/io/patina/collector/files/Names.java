package io.patina.collector.files;

import com.google.protobuf.ByteString;
import java.util.List;

/** What a directory holds, or why that is not known. */
public sealed interface Names {
  /** One entry: raw name and {@code d_type} (4 directory, 8 file, 10 link, 0 unknown). */
  record Name(ByteString bytes, int type) {
    public boolean isLink() {
      return type == 10;
    }

    public boolean isDirectory() {
      return type == 4;
    }

    /** As text; bytes that are not UTF-8 become U+FFFD. */
    public String text() {
      return bytes.toStringUtf8();
    }
  }

  /** The names, in ascending order of their unsigned bytes. */
  record Present(List<Name> names) implements Names {}

  /** No such directory. */
  record Absent() implements Names {}

  /**
   * It is there but cannot be listed.
   *
   * @param reason as in {@link io.patina.facts.Gap}
   */
  record Unreadable(String reason) implements Names {}
}
