package io.patina.collector.settings;

import io.patina.facts.Escaped;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads values and gathers mistakes. */
final class SettingReader {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,15})(KiB|MiB|GiB|)");

  private final Map<String, String> written;
  private final List<String> mistakes = new ArrayList<>();

  SettingReader(Map<String, String> written) {
    this.written = new TreeMap<>(written);
    for (String key : this.written.keySet()) {
      if (Setting.of(key).isEmpty()) {
        mistakes.add(
            Escaped.text(key) + " is not a setting; patina collect --help-config lists them all");
      }
    }
  }

  List<String> mistakes() {
    return mistakes;
  }

  void mistake(String sentence) {
    mistakes.add(sentence);
  }

  String text(Setting setting) {
    String value = written.get(setting.key());
    if (value != null && !value.isBlank()) {
      return value.strip();
    }
    if (setting.fallback().isEmpty()) {
      mistakes.add(setting.key() + " is missing; write " + setting.form().shown());
    }
    return setting.fallback().orElse("");
  }

  Map<String, String> family(Setting setting) {
    Map<String, String> all = new TreeMap<>();
    written.forEach(
        (key, value) -> {
          if (key.startsWith(setting.prefix())) {
            all.put(key.substring(setting.prefix().length()), value.strip());
          }
        });
    return all;
  }

  Optional<Path> path(Setting setting) {
    String value = text(setting);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(value);
      if (path.isAbsolute()) {
        return Optional.of(path.normalize());
      }
    } catch (InvalidPathException e) {
      // The same answer as for a relative one.
      wrong(setting, value);
      return Optional.empty();
    }
    wrong(setting, value);
    return Optional.empty();
  }

  int number(Setting setting, int least, int most) {
    String value = text(setting);
    if (value.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    wrong(setting, value);
    return least;
  }

  Duration duration(Setting setting, Duration least) {
    String value = text(setting);
    Matcher m = DURATION.matcher(value);
    if (!m.matches()) {
      wrong(setting, value);
      return least;
    }
    long n = Long.parseLong(m.group(1));
    Duration duration =
        switch (m.group(2)) {
          case "ms" -> Duration.ofMillis(n);
          case "s" -> Duration.ofSeconds(n);
          case "m" -> Duration.ofMinutes(n);
          default -> Duration.ofHours(n);
        };
    if (duration.compareTo(least) < 0) {
      mistakes.add(setting.key() + " cannot be below " + least.toMillis() + "ms");
      return least;
    }
    return duration;
  }

  /** One of the constants, written in lower case. */
  <E extends Enum<E>> E choice(Setting setting, Class<E> of) {
    String value = text(setting);
    List<E> all = List.of(of.getEnumConstants());
    for (E each : all) {
      if (each.name().toLowerCase(Locale.ROOT).equals(value)) {
        return each;
      }
    }
    mistakes.add(
        setting.key()
            + " cannot be \""
            + Escaped.text(value)
            + "\"; write one of "
            + all.stream()
                .map(e -> e.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
    return all.getFirst();
  }

  long bytes(Setting setting, long least) {
    String value = text(setting);
    Matcher m = BYTES.matcher(value);
    if (!m.matches()) {
      wrong(setting, value);
      return least;
    }
    long n = Long.parseLong(m.group(1));
    long bytes =
        switch (m.group(2)) {
          case "KiB" -> n << 10;
          case "MiB" -> n << 20;
          case "GiB" -> n << 30;
          default -> n;
        };
    if (bytes < least) {
      mistakes.add(setting.key() + " cannot be below " + least + " bytes");
      return least;
    }
    return bytes;
  }

  private void wrong(Setting setting, String value) {
    mistakes.add(
        setting.key()
            + " cannot be \""
            + Escaped.text(value)
            + "\"; write "
            + setting.form().shown());
  }
}
