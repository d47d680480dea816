package io.patina.engine.state;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a host is in the rollout of its baseline. Only facts in which the two versions differ
 * count.
 *
 * @param from the version before
 * @param to the new version
 * @param wave the host's; 0 if it is of none
 * @param reached whether that wave is
 * @param deadline when the host is to be on the new version; null if the wave is not reached, or
 *     while the rollout is paused
 * @param older facts as the version before says, and not as the new one
 * @param newer facts as the new version says, and not as the one before
 * @param neither facts that are as none of them says
 */
public record Transit(
    UUID rollout,
    String from,
    String to,
    int wave,
    boolean reached,
    @Nullable Instant deadline,
    Place place,
    long older,
    long newer,
    long neither) {

  /** Which version a host is of. */
  public enum Place {
    /** Wholly the version before. */
    OLD,
    /** Wholly the new one. */
    NEW,
    /** Some facts of each. */
    MIXTURE,
    /** Nothing of it has been proven yet. */
    UNSEEN;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static Place of(String wireName) {
      return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
  }

  /** Whether it is on the new version before its turn. */
  @JsonIgnore
  public boolean isAhead() {
    return !reached && place == Place.NEW;
  }
}
