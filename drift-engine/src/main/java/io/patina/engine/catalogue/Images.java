package io.patina.engine.catalogue;

import io.patina.manifest.Digest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which images the baselines are of.
 *
 * @param judged images of which a baseline is or was in force, or comes
 * @param waiting images of which a baseline only waits for somebody, and which that is: name,
 *     version, stage
 * @param statements of baselines that say of which image they are
 */
public record Images(Set<String> judged, Map<String, String> waiting, Set<Digest> statements) {

  static final Images NONE = new Images(Set.of(), Map.of(), Set.of());

  private static final Set<String> WAITING = Set.of("draft", "approved");

  public Images {
    judged = Set.copyOf(judged);
    waiting = Map.copyOf(waiting);
    statements = Set.copyOf(statements);
  }

  /** One baseline that says of which image it is. */
  record Of(String image, Digest statement, String baseline, String state) {}

  static Images of(Collection<Of> baselines) {
    Set<String> judged = new HashSet<>();
    Map<String, String> waiting = new HashMap<>();
    Set<Digest> statements = new HashSet<>();
    for (Of b : baselines) {
      statements.add(b.statement());
      if (WAITING.contains(b.state())) {
        waiting.merge(
            b.image(), b.baseline() + " is " + b.state(), (x, y) -> x.compareTo(y) < 0 ? x : y);
      } else {
        judged.add(b.image());
      }
    }
    return new Images(judged, waiting, statements);
  }

  /**
   * Whether hosts of an image can be held against a baseline: not if that is of images and nobody
   * has put a baseline of theirs into force.
   */
  public boolean isUnknown(String image, Digest statement) {
    return !image.isEmpty() && statements.contains(statement) && !judged.contains(image);
  }

  /** The baseline that waits for somebody, and its stage. */
  public Optional<String> waitingFor(String image) {
    return Optional.ofNullable(waiting.get(image));
  }
}
