package io.patina.collector.units;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The pure parser of unit files and their drop-ins, systemd.syntax(7). */
final class UnitText {
  private static final Set<String> INSTALLS =
      Set.of(
          "Install.WantedBy",
          "Install.RequiredBy",
          "Install.UpheldBy",
          "Install.Alias",
          "Install.Also",
          "Install.DefaultInstance");

  private final Map<String, String> last = new HashMap<>();
  private final Set<String> keys = new TreeSet<>();

  /** Reads one more file over what was read before: later assignments win. */
  UnitText read(String text) {
    String section = "";
    StringBuilder joined = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      String trimmed = line.strip();
      if (trimmed.startsWith("#") || trimmed.startsWith(";")) {
        continue;
      }
      if (trimmed.endsWith("\\")) {
        joined.append(trimmed, 0, trimmed.length() - 1).append(' ');
        continue;
      }
      String whole = joined.append(trimmed).toString();
      joined.setLength(0);
      int equals = whole.indexOf('=');
      if (whole.startsWith("[") && whole.endsWith("]")) {
        section = whole.substring(1, whole.length() - 1);
      } else if (equals > 0) {
        String key = section + "." + whole.substring(0, equals).strip();
        keys.add(key);
        last.put(key, whole.substring(equals + 1).strip());
      }
    }
    return this;
  }

  /** The last value of {@code Section.Key}; empty also for one that was reset. */
  Optional<String> get(String key) {
    return Optional.ofNullable(last.get(key)).filter(v -> !v.isEmpty());
  }

  /** Whether it can be enabled at all: it has an [Install] section that says how. */
  boolean installs() {
    return keys.stream().anyMatch(INSTALLS::contains);
  }

  /** Whether a run of it ends by itself. */
  boolean isOneshot() {
    Optional<String> type = get("Service.Type");
    boolean nothingToRun =
        type.isEmpty() && get("Service.ExecStart").isEmpty() && keys.contains("Service.ExecStop");
    return type.filter("oneshot"::equals).isPresent() || nothingToRun;
  }
}
