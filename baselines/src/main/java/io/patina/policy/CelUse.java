package io.patina.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;

/** What an expression is for. */
enum CelUse {
  WHEN("a condition", SimpleType.BOOL, "true or false"),
  SEVERITY("a severity", SimpleType.STRING, "one of info, low, medium, high, critical"),
  WEIGHT("a weight", SimpleType.INT, "a whole number from 0 to 100"),
  TOLERANCE("a tolerance", SimpleType.DURATION, "a time such as duration(\"10m\")");

  private final String what;
  private final CelType type;
  private final String gives;

  CelUse(String what, CelType type, String gives) {
    this.what = what;
    this.type = type;
    this.gives = gives;
  }

  String what() {
    return what;
  }

  CelType type() {
    return type;
  }

  /** What it has to give, for people. */
  String gives() {
    return gives;
  }
}
