package io.patina.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A policy file as it is written; its expressions have not been looked at.
 *
 * @param name letters, digits, dots, dashes and underscores, 1 to 64
 * @param text the file
 */
public record PolicySource(
    String name,
    String description,
    Artisanal artisanal,
    List<Rule> rules,
    List<PolicyCase> cases,
    String text) {

  /**
   * When a host is artisanal.
   *
   * @param from score, 1 to 100
   * @param grace for how long what makes up the score must have weighed
   * @param hysteresis points by which the score must fall below {@code from} to end it
   */
  public record Artisanal(int from, Duration grace, int hysteresis) {}

  /**
   * A rule; the first one whose condition holds decides.
   *
   * @param when empty for the last one, which holds always
   */
  record Rule(
      String name,
      Place place,
      Optional<Expression> when,
      Expression severity,
      Expression weight,
      Expression tolerance,
      int atMost) {}

  /**
   * A CEL expression and where it stands.
   *
   * @param columns by line of the expression, from 0, where it begins in the file
   */
  record Expression(String text, List<Place> columns) {

    Expression {
      columns = List.copyOf(columns);
    }

    /**
     * Where in the file a position of the expression is.
     *
     * @param line from 1
     * @param column from 0
     */
    Place at(int line, int column) {
      if (line < 1 || line > columns.size()) {
        return columns.getFirst();
      }
      Place start = columns.get(line - 1);
      return new Place(start.line(), start.column() + Math.max(0, column));
    }
  }

  public PolicySource {
    rules = List.copyOf(rules);
    cases = List.copyOf(cases);
  }
}
