package io.patina.engine.deviations;

import io.patina.engine.state.Since;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Deviations of one cause at one time on one host, when it is told.
 *
 * @param evidence of the deviation that began it
 * @param deviations how many are open of it
 * @param first onset of its earliest
 * @param examples keys of some, safe to print
 */
public record Group(
    UUID id,
    Evidence evidence,
    long deviations,
    Since first,
    Instant latest,
    List<String> examples) {

  /** Examples that are told. */
  static final int MOST_EXAMPLES = 5;

  public Group {
    examples = List.copyOf(examples);
  }

  /** One sentence, safe to print. */
  public String sentence() {
    String because = evidence.because().isEmpty() ? "" : "; " + evidence.because();
    String what =
        deviations == 1
            ? examples.getFirst()
            : String.format(
                Locale.ROOT, "%,d deviations, such as %s", deviations, examples.getFirst());
    return evidence.cause().wireName() + ": " + what + because + ".";
  }
}
