package io.patina.policy;

/** A position in a policy file, both counted from 1. */
public record Place(int line, int column) {

  static final Place BEGINNING = new Place(1, 1);

  @Override
  public String toString() {
    return "line " + line + ", column " + column;
  }
}
