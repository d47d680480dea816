package io.patina.verdict;

import java.util.Locale;

/** What to do about a host. */
public enum Recommendation {
  NONE,
  OBSERVE,
  RESTART_UNITS,
  DAEMON_RELOAD,
  REBOOT,
  REIMAGE,
  FIX_BASELINE,
  INVESTIGATE;

  /** The word on the wire and in the API: lower case with dashes. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
