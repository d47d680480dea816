package io.patina.collector.files;

import com.google.protobuf.ByteString;

/** A small file as a probe reads it whole: its bytes, or why there are none. */
public sealed interface Content {
  /** The bytes, up to the bound the reader gave. */
  record Present(ByteString bytes) implements Content {
    /** As text; bytes that are not UTF-8 become U+FFFD. */
    public String text() {
      return bytes.toStringUtf8();
    }
  }

  /** No such file, or something on the way is no directory. */
  record Absent() implements Content {}

  /**
   * It is there, or may be, but cannot be read.
   *
   * @param reason as in {@link io.patina.facts.Gap}
   */
  record Unreadable(String reason) implements Content {}
}
