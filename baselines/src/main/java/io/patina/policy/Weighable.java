package io.patina.policy;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.verdict.DriftClass;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a policy can ask of one deviation.
 *
 * @param cause word of the cause, such as {@code hand-edit}
 * @param age for how long the host has differed; never negative, whole milliseconds
 * @param labels assigned labels of the host
 */
public record Weighable(
    Difference difference, String cause, Duration age, Map<String, String> labels) {

  public Weighable {
    age = age.isNegative() ? Duration.ZERO : age.truncatedTo(ChronoUnit.MILLIS);
    labels = Map.copyOf(labels);
  }

  DriftClass driftClass() {
    return DriftClass.of(difference);
  }

  /** Attributes by name as they are shown; annotations begin with {@code ~}. */
  static Map<String, String> shown(Attributes attributes) {
    Map<String, String> shown = new LinkedHashMap<>();
    for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
      shown.put(a.getKey(), Attributes.show(a.getKey(), a.getValue()));
    }
    return shown;
  }
}
