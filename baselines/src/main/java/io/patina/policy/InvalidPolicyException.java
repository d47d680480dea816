package io.patina.policy;

/** A policy that is refused; the message says where, what is wrong, and what to write instead. */
public final class InvalidPolicyException extends Exception {

  private final transient Place place;
  private final String hint;

  InvalidPolicyException(Place place, String what, String hint) {
    super(place + ": " + what + (hint.isEmpty() ? "" : "; " + hint));
    this.place = place;
    this.hint = hint;
  }

  /** Where in the file. */
  public Place place() {
    return place;
  }

  /** What to write instead, for people; empty if nothing can be said. */
  public String hint() {
    return hint;
  }
}
