package io.patina.engine.life;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which hosts a baseline is for, and before which others.
 *
 * @param installation hexadecimal id of the only one; empty for any
 * @param labels assigned labels that a host must have
 * @param scopes under which it must be observed, hexadecimal; empty for any
 * @param precedence the higher goes first
 */
record Claim(
    String name,
    String version,
    Optional<String> installation,
    Map<String, String> labels,
    Set<String> scopes,
    int precedence) {

  Claim {
    labels = Map.copyOf(labels);
    scopes = Set.copyOf(scopes);
  }

  /** Whether there could be a host that both are for and neither is before the other. */
  boolean rivals(Claim other) {
    return precedence == other.precedence
        && !name.equals(other.name)
        && agree(installation, other.installation)
        && labels.entrySet().stream()
            .allMatch(l -> l.getValue().equals(other.labels.getOrDefault(l.getKey(), l.getValue())))
        && (scopes.isEmpty()
            || other.scopes.isEmpty()
            || !Collections.disjoint(scopes, other.scopes));
  }

  private static boolean agree(Optional<String> one, Optional<String> other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }
}
