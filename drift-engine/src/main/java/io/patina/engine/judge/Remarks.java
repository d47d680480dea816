package io.patina.engine.judge;

import java.util.List;
import java.util.Locale;

/** Reasons that are not about what weighs. */
final class Remarks {

  private Remarks() {}

  static void settling(long count, List<String> reasons) {
    if (count > 0) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "%,d new %s not settled yet",
              count,
              count == 1 ? "deviation has" : "deviations have"));
    }
  }

  static void unproven(long count, List<String> reasons) {
    if (count > 0) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "%,d expected %s not be observed",
              count,
              count == 1 ? "fact could" : "facts could"));
    }
  }
}
