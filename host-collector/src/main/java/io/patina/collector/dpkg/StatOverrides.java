package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** {@code /var/lib/dpkg/statoverride}: lines of user, group, octal mode and path. */
final class StatOverrides {

  /**
   * Owner and mode that dpkg gives a path instead of the packaged ones.
   *
   * @param user name, or {@code #} and a number
   * @param group name, or {@code #} and a number
   */
  record StatOverride(String user, String group, int mode) {}

  private final Map<ByteString, StatOverride> byPath = new HashMap<>();

  static StatOverrides parse(ByteString bytes) {
    StatOverrides overrides = new StatOverrides();
    TextLines.each(
        bytes,
        line -> {
          String[] words = TextLines.text(line).split(" ", 4);
          if (words.length == 4 && words[2].matches("[0-7]{1,6}")) {
            overrides.byPath.put(
                TextLines.bytes(words[3]),
                new StatOverride(words[0], words[1], Integer.parseInt(words[2], 8) & 07777));
          }
        });
    return overrides;
  }

  Map<ByteString, StatOverride> all() {
    return byPath;
  }

  Optional<StatOverride> of(ByteString path) {
    return Optional.ofNullable(byPath.get(path));
  }
}
