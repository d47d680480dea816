package io.patina.engine.life;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where a baseline is in its life. */
public enum Stage {
  /** Signed and taken in, and nobody has agreed to it. */
  DRAFT,
  /** Somebody else than its author agreed; no host is held against it yet. */
  APPROVED,
  /** Some hosts are held against it. */
  ROLLING_OUT,
  /** All hosts that it selects are held against it. */
  ACTIVE,
  /** A newer version of the same name took its place. */
  SUPERSEDED,
  /** Withdrawn for good. */
  RETIRED;

  /** As the API and the database write it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What people can do from here. */
  public List<Step> possible() {
    return Arrays.stream(Step.values()).filter(s -> s.from().contains(this)).toList();
  }

  /** The stage of that name; fails on any other text. */
  static Stage of(String wireName) {
    return Arrays.stream(values())
        .filter(s -> s.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no stage: " + wireName));
  }
}
