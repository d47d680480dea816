package io.patina.engine.deviations;

import java.util.Locale;

/** Why a host differs, as far as the engine can tell. */
public enum Cause {
  /** A package transaction is under way; what it leaves is told when it has settled. */
  PENDING,
  PACKAGE_UPDATE,
  PACKAGE_CHANGE,
  PACKAGE_FILE_MODIFIED,
  UNPACKAGED,
  UNIT_OVERRIDE,
  ENABLEMENT,
  HAND_EDIT,
  RUNTIME,
  BASELINE_CHANGED,
  /** Why a deviation ended without being repaired: nobody looks at its key any more. */
  NO_LONGER_OBSERVED,
  UNKNOWN;

  /** The word in the table and the API: lower case with dashes. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
