package io.patina.policy;

import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import io.patina.comparison.BoundedPattern;
import io.patina.facts.Escaped;
import io.patina.verdict.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an expression must be beyond its types: of known cost, without anything that can fail, and
 * with an age that is only compared with constants, so that the moments at which its answer changes
 * are known.
 */
final class CelChecks {

  /** Most that one expression may cost. One comparison costs about 3. */
  static final int MOST_COST = 500;

  private static final Set<String> ORDER = Set.of("_<_", "_<=_", "_>_", "_>=_");

  /** Cost of each function that is allowed; the longest texts are paths and hundreds of bytes. */
  private static final Map<String, Integer> COSTS =
      Map.ofEntries(
          Map.entry("_&&_", 1),
          Map.entry("_||_", 1),
          Map.entry("!_", 1),
          Map.entry("_?_:_", 1),
          Map.entry("_==_", 1),
          Map.entry("_!=_", 1),
          Map.entry("_<_", 1),
          Map.entry("_<=_", 1),
          Map.entry("_>_", 1),
          Map.entry("_>=_", 1),
          Map.entry("_[_]", 1),
          Map.entry("@in", 2),
          Map.entry("size", 1),
          Map.entry("startsWith", 2),
          Map.entry("endsWith", 2),
          Map.entry("contains", 10),
          Map.entry("matches", 50),
          Map.entry("duration", 1));

  private final PolicySource.Expression source;
  private final CelAbstractSyntaxTree tree;
  private final CelUse use;
  private final Set<Duration> breakpoints = new HashSet<>();
  private int cost;

  CelChecks(PolicySource.Expression source, CelAbstractSyntaxTree tree, CelUse use) {
    this.source = source;
    this.tree = tree;
    this.use = use;
  }

  Set<Duration> breakpoints() {
    return Set.copyOf(breakpoints);
  }

  int cost() {
    return cost;
  }

  void check() throws InvalidPolicyException {
    if (!tree.getResultType().equals(use.type())) {
      throw wrong(
          tree.getExpr(),
          use.what() + " that is " + tree.getResultType().name(),
          "write " + use.gives());
    }
    walk(tree.getExpr());
    if (use != CelUse.WHEN) {
      leaves(tree.getExpr());
    }
  }

  private void walk(CelExpr e) throws InvalidPolicyException {
    pay(e, 1);
    switch (e.getKind()) {
      case CONSTANT -> {}
      case IDENT -> {
        if (e.ident().name().equals("age")) {
          throw wrong(e, "age can only be compared with a constant", "age > duration(\"1h\")");
        }
      }
      case SELECT -> {
        if (e.select().testOnly()) {
          throw wrong(e, "has() is not known here", "what is not there is the empty text: != \"\"");
        }
        walk(e.select().operand());
      }
      case LIST -> {
        for (CelExpr item : e.list().elements()) {
          walk(item);
        }
      }
      case CALL -> call(e);
      case MAP, STRUCT, COMPREHENSION, NOT_SET ->
          throw wrong(
              e,
              "neither mappings nor loops can be written here",
              "ask for a name: labels[\"pool\"] == \"web\"");
    }
  }

  private void call(CelExpr e) throws InvalidPolicyException {
    String function = e.call().function();
    Integer price = COSTS.get(function);
    if (price == null) {
      throw wrong(
          e,
          "the function " + Escaped.text(function.replace("_", "")) + " is not known here",
          "known are && || ! ?: == != < <= > >= in [] size startsWith endsWith contains matches"
              + " duration");
    }
    pay(e, price);
    List<CelExpr> parts = new ArrayList<>();
    e.call().target().ifPresent(parts::add);
    parts.addAll(e.call().args());
    if (ORDER.contains(function) && parts.stream().anyMatch(CelChecks::isAge)) {
      age(e, parts);
      return;
    }
    switch (function) {
      case "duration" -> {
        var unused = duration(e);
      }
      case "matches" -> pattern(parts.getLast());
      case "@in" -> {
        if (parts.getLast().getKind() != CelExpr.ExprKind.Kind.LIST) {
          throw wrong(
              e,
              "in asks lists only",
              "what is not there is the empty text: labels[\"a\"] != \"\"");
        }
      }
      default -> {}
    }
    for (CelExpr part : parts) {
      walk(part);
    }
  }

  private void age(CelExpr e, List<CelExpr> parts) throws InvalidPolicyException {
    if (use == CelUse.TOLERANCE) {
      throw wrong(e, "a tolerance cannot depend on the age", "it is the age from which it weighs");
    }
    for (CelExpr part : parts) {
      if (isAge(part)) {
        pay(part, 1);
      } else if (isDuration(part)) {
        walk(part);
        breakpoints.add(duration(part));
      } else {
        throw wrong(part, "age can only be compared with a constant", "age > duration(\"1h\")");
      }
    }
  }

  private static boolean isAge(CelExpr e) {
    return e.getKind() == CelExpr.ExprKind.Kind.IDENT && e.ident().name().equals("age");
  }

  private static boolean isDuration(CelExpr e) {
    return e.getKind() == CelExpr.ExprKind.Kind.CALL && e.call().function().equals("duration");
  }

  private Duration duration(CelExpr e) throws InvalidPolicyException {
    Optional<String> text =
        e.call().args().isEmpty() ? Optional.empty() : text(e.call().args().getFirst());
    Optional<Duration> duration = text.flatMap(Times::parse);
    if (duration.isEmpty()) {
      throw wrong(e, "not a time", "write duration(\"90s\"), duration(\"10m\"), duration(\"36h\")");
    }
    return duration.get();
  }

  private void pattern(CelExpr e) throws InvalidPolicyException {
    Optional<String> text = text(e);
    if (text.isEmpty()) {
      throw wrong(e, "a pattern that is not constant", "write it in quotes");
    }
    try {
      // Before it is compiled: nested repetitions are written out then.
      BoundedPattern.measure(text.get());
    } catch (IllegalArgumentException failure) {
      throw wrong(e, String.valueOf(failure.getMessage()), "write * or + instead");
    }
    try {
      if (com.google.re2j.Pattern.compile(text.get()).programSize() > 1000) {
        throw wrong(e, "the pattern is too large", "startsWith and endsWith cost less");
      }
    } catch (PatternSyntaxException failure) {
      throw wrong(
          e,
          "not a pattern: " + Escaped.text(String.valueOf(failure.getMessage())),
          "patterns are those of RE2");
    }
  }

  /** Every answer that can come out is one that is possible. */
  private void leaves(CelExpr e) throws InvalidPolicyException {
    if (e.getKind() == CelExpr.ExprKind.Kind.CALL && e.call().function().equals("_?_:_")) {
      leaves(e.call().args().get(1));
      leaves(e.call().args().get(2));
      return;
    }
    boolean possible =
        switch (use) {
          case SEVERITY -> text(e).flatMap(Severity::named).isPresent();
          case WEIGHT -> number(e).filter(n -> n >= 0 && n <= 100).isPresent();
          case TOLERANCE -> isDuration(e) && !duration(e).isNegative();
          case WHEN -> true;
        };
    if (!possible) {
      throw wrong(e, "not " + use.what(), "write " + use.gives() + ", or CONDITION ? THIS : THAT");
    }
  }

  private static Optional<String> text(CelExpr e) {
    return e.getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && e.constant().getKind() == CelConstant.Kind.STRING_VALUE
        ? Optional.of(e.constant().stringValue())
        : Optional.empty();
  }

  private static Optional<Long> number(CelExpr e) {
    return e.getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && e.constant().getKind() == CelConstant.Kind.INT64_VALUE
        ? Optional.of(e.constant().int64Value())
        : Optional.empty();
  }

  private void pay(CelExpr e, int price) throws InvalidPolicyException {
    cost += price;
    if (cost > MOST_COST) {
      throw wrong(
          e,
          "from here on the expression costs more than " + MOST_COST,
          "split the rule into several; startsWith costs less than matches");
    }
  }

  private InvalidPolicyException wrong(CelExpr e, String what, String hint) {
    int offset = tree.getSource().getPositionsMap().getOrDefault(e.id(), 0);
    CelSourceLocation at =
        tree.getSource().getOffsetLocation(offset).orElse(CelSourceLocation.of(1, 0));
    return new InvalidPolicyException(source.at(at.getLine(), at.getColumn()), what, hint);
  }
}
