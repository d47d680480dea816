package io.patina.imports;

import io.patina.manifest.Manifest;
import java.util.List;

/**
 * What came of an import.
 *
 * @param manifest what the source states, as far as the scope observes it
 * @param cannotKnow one sentence for each thing that sources of this kind do not say; it is not
 *     stated, and so not compared
 * @param notes what of this source was left out or looked odd, one sentence each
 */
public record Imported(Manifest manifest, List<String> cannotKnow, List<String> notes) {

  public Imported {
    cannotKnow = List.copyOf(cannotKnow);
    notes = List.copyOf(notes);
  }
}
