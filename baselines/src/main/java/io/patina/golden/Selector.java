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

  /** Most labels of a selector. */
  public static final int MAX_LABELS = 64;

  private static final int MAX_TEXT = 256;

  public Selector {
    if (labels.size() > MAX_LABELS) {
      throw new IllegalArgumentException("a selector has at most " + MAX_LABELS + " labels");
    }
    installation.ifPresent(Selector::check);
    labels.forEach(
        (name, value) -> {
          check(name);
          check(value);
        });
    labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** A NUL, for one, could not be stored. */
  private static void check(String text) {
    if (text.length() > MAX_TEXT || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "what a selector says has at most "
              + MAX_TEXT
              + " characters, none of them a control character");
    }
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
