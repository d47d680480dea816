package io.patina.engine.state;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an installation came in.
 *
 * @param by a person, or the id of the token; empty if nobody
 * @param at null for one that was there before this was kept
 */
public record Admittance(How how, String by, @Nullable Instant at) {

  /** In what way. */
  public enum How {
    /** By an enrolment token. */
    ENROLLED,
    /** A person said so. */
    APPROVED,
    /** Its key was pinned at its first report; nobody has said that it belongs here. */
    PINNED,
    /** Likewise, where the configuration says that whoever comes belongs here. */
    FIRST_USE,
    /** It was known before enrolment was. */
    MIGRATED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static How named(String name) {
      return Arrays.stream(values())
          .filter(h -> h.wireName().equals(name))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no admission is called " + name));
    }
  }
}
