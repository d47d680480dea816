package io.patina.golden;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which hosts a baseline is for.
 *
 * @param installation hexadecimal id of the one installation it is for; empty for any
 * @param labels assigned labels that a host must have, name to value
 */
public record Selector(Optional<String> installation, Map<String, String> labels) {

  public Selector {
    labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** Whether it selects an installation with these assigned labels. */
  public boolean selects(String installationHex, Map<String, String> assignedLabels) {
    return installation.map(installationHex::equals).orElse(true)
        && labels.entrySet().stream()
            .allMatch(e -> e.getValue().equals(assignedLabels.get(e.getKey())));
  }

  /** How narrow it is: a baseline with a higher figure goes before one with a lower. */
  public int precedence() {
    return (installation.isPresent() ? 1000 : 0) + labels.size();
  }
}
