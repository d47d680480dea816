package io.patina.verdict;

import java.util.Locale;

/** The one word about a host. */
public enum Verdict {
  /** As its baseline says. */
  CONFORMING,
  /** Differs, but not enough or not long enough to be called artisanal. */
  DRIFTING,
  /** Hand-altered: no longer the machine that was ordered. */
  ARTISANAL,
  /** Between two image or baseline versions, as a rollout allows. */
  UPDATING,
  /** Silent, or its reports cannot be proven. */
  UNOBSERVED,
  /** No approved baseline selects it. */
  UNBASELINED;

  /** The word on the wire, in metrics and in the API. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
