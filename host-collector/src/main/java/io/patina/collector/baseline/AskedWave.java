package io.patina.collector.baseline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A wave as it is given on the command line: {@code 10%,24h} or {@code ring=canary,site=berlin,2h}.
 *
 * @param percent so many in a hundred hosts; empty if labels say which
 * @param labels assigned ones that a host has, all of them
 * @param within how long its hosts have
 */
record AskedWave(OptionalInt percent, Map<String, String> labels, Duration within) {

  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})([smhd])");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3})%");

  AskedWave {
    labels = Map.copyOf(labels);
  }

  /** Reads it, or says how it is written. */
  static final class Reading implements ITypeConverter<AskedWave> {
    @Override
    public AskedWave convert(String text) {
      int comma = text.lastIndexOf(',');
      Matcher time = TIME.matcher(text.substring(comma + 1));
      if (comma < 1 || !time.matches()) {
        throw wrong(text);
      }
      String which = text.substring(0, comma);
      Duration within = duration(time);
      Matcher percent = PERCENT.matcher(which);
      if (percent.matches()) {
        return new AskedWave(OptionalInt.of(Integer.parseInt(percent.group(1))), Map.of(), within);
      }
      Map<String, String> labels = new TreeMap<>();
      for (String label : which.split(",", -1)) {
        int equals = label.indexOf('=');
        if (equals < 1) {
          throw wrong(text);
        }
        labels.put(label.substring(0, equals), label.substring(equals + 1));
      }
      return new AskedWave(OptionalInt.empty(), labels, within);
    }

    private static Duration duration(Matcher time) {
      long count = Long.parseLong(time.group(1));
      return switch (time.group(2)) {
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        default -> Duration.ofDays(count);
      };
    }

    private static TypeConversionException wrong(String text) {
      return new TypeConversionException(
          "'" + text + "' is no wave: write such as 10%,24h or ring=canary,2h (s, m, h, d)");
    }
  }

  ObjectNode json() {
    ObjectNode wave = JsonNodeFactory.instance.objectNode();
    if (percent.isPresent()) {
      wave.put("percent", percent.getAsInt());
    } else {
      ObjectNode node = wave.putObject("labels");
      new TreeMap<>(labels).forEach(node::put);
    }
    return wave.put("within", within.toString());
  }
}
