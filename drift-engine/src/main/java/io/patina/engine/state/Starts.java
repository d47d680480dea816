package io.patina.engine.state;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How often a collector had started on its state directory, as its last snapshot said.
 *
 * @param count 0 if it has not been said
 * @param incarnation the start that said so
 */
public record Starts(long count, @Nullable UUID incarnation) {

  /** Before the first snapshot, and for collectors that do not count. */
  public static final Starts NONE = new Starts(0, null);
}
