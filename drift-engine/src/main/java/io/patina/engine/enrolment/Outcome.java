package io.patina.engine.enrolment;

/** What became of a decision. */
public sealed interface Outcome {

  /** It stands. */
  record Done() implements Outcome {}

  /** There is no such thing. */
  record Unknown(String what) implements Outcome {}

  /** The state does not allow it; why, and what would. */
  record Impossible(String why) implements Outcome {}
}
