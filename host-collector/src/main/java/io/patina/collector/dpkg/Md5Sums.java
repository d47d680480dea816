package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A package's {@code .md5sums}: per line 32 hexadecimal digits, two spaces, a path without its
 * first slash. Ucf's {@code hashfile} has the same form with absolute paths.
 *
 * @param digests absolute path as listed to 16 bytes
 * @param malformed number of lines that were not understood
 */
record Md5Sums(Map<ByteString, ByteString> digests, int malformed) {

  static Md5Sums parse(ByteString bytes) {
    Map<ByteString, ByteString> digests = new HashMap<>();
    AtomicInteger malformed = new AtomicInteger();
    TextLines.each(
        bytes,
        line -> {
          Optional<ByteString> digest =
              line.size() > 34
                  ? StatusFile.md5(TextLines.text(line.substring(0, 32)))
                  : Optional.empty();
          if (digest.isPresent() && line.byteAt(32) == ' ') {
            digests.put(Listed.absolute(line.substring(34)), digest.get());
          } else if (!line.isEmpty()) {
            malformed.incrementAndGet();
          }
        });
    return new Md5Sums(digests, malformed.get());
  }
}
