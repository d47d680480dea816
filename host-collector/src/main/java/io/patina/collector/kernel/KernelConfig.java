package io.patina.collector.kernel;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel's build configuration, as {@code /boot/config-RELEASE} and {@code /proc/config.gz} have
 * it.
 *
 * @param version of the kernel it was made for, from the header; empty if it does not say
 * @param values {@code CONFIG_X} to {@code y}, {@code m}, {@code n} (not set) or the value as
 *     written, quotes included
 */
public record KernelConfig(Optional<String> version, SortedMap<String, String> values) {
  private static final Pattern SET = Pattern.compile("(CONFIG_[A-Za-z0-9_]+)=(.*)");
  private static final Pattern NOT_SET = Pattern.compile("# (CONFIG_[A-Za-z0-9_]+) is not set");
  private static final Pattern HEADER =
      Pattern.compile("# Linux/\\S+ (\\S+) Kernel Configuration|# Linux kernel version: (\\S+)");
  private static final Pattern SERIES = Pattern.compile("(\\d+\\.\\d+)(\\.\\d+)?.*");

  public static KernelConfig parse(String text) {
    Optional<String> version = Optional.empty();
    SortedMap<String, String> values = new TreeMap<>();
    for (String line : text.split("\n", -1)) {
      Matcher set = SET.matcher(line);
      Matcher notSet = NOT_SET.matcher(line);
      Matcher header = HEADER.matcher(line);
      if (set.matches()) {
        values.put(set.group(1), set.group(2));
      } else if (notSet.matches()) {
        values.put(notSet.group(1), "n");
      } else if (header.matches()) {
        version = Optional.ofNullable(header.group(1) == null ? header.group(2) : header.group(1));
      }
    }
    return new KernelConfig(version, values);
  }

  /**
   * Whether this can be the configuration of a running release. Distributions number releases apart
   * from the source ({@code 6.1.0-13-amd64} is built from 6.1.55), so a file that is named by the
   * release need only be of its series; any other must agree in all three numbers.
   */
  public boolean suits(String release, boolean namedByRelease) {
    if (version.isEmpty()) {
      return namedByRelease;
    }
    Matcher mine = SERIES.matcher(version.get());
    Matcher running = SERIES.matcher(release);
    if (!mine.matches() || !running.matches()) {
      return false;
    }
    boolean series = mine.group(1).equals(running.group(1));
    return series
        && (namedByRelease
            || String.valueOf(mine.group(2)).equals(String.valueOf(running.group(2))));
  }
}
