package io.patina.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.patina.facts.Escaped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One CEL expression, type-checked, bounded, and total: whatever is asked, it has an answer.
 *
 * <p>Names that are not in a mapping give the empty text, functions that can fail are refused.
 */
final class CelExpression {

  /** What an expression can ask, by name. */
  static final Map<String, CelType> VARIABLES =
      Map.ofEntries(
          Map.entry("facet", SimpleType.STRING),
          Map.entry("key", SimpleType.STRING),
          Map.entry("kind", SimpleType.STRING),
          Map.entry("cause", SimpleType.STRING),
          Map.entry("driftClass", SimpleType.STRING),
          Map.entry("owner", SimpleType.STRING),
          Map.entry("age", SimpleType.DURATION),
          Map.entry("labels", MapType.create(SimpleType.STRING, SimpleType.STRING)),
          Map.entry("expected", MapType.create(SimpleType.STRING, SimpleType.STRING)),
          Map.entry("actual", MapType.create(SimpleType.STRING, SimpleType.STRING)));

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(4096)
          .maxParseRecursionDepth(64)
          .maxParseErrorRecoveryLimit(5)
          .enableRegexPartialMatch(true)
          .maxRegexProgramSize(1000)
          .evaluateCanonicalTypesToNativeValues(true)
          .enableComprehension(false)
          .build();

  private static final CelCompiler COMPILER = compiler();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

  private final CelRuntime.Program program;
  private final Set<Duration> breakpoints;
  private final int cost;

  private CelExpression(CelRuntime.Program program, CelChecks checks) {
    this.program = program;
    this.breakpoints = checks.breakpoints();
    this.cost = checks.cost();
  }

  private static CelCompiler compiler() {
    var builder = CelCompilerFactory.standardCelCompilerBuilder().setOptions(OPTIONS);
    VARIABLES.forEach(builder::addVar);
    return builder.build();
  }

  static CelExpression compile(PolicySource.Expression source, CelUse use)
      throws InvalidPolicyException {
    CelValidationResult result = COMPILER.compile(source.text());
    if (result.hasError()) {
      throw refused(source, result.getErrors().getFirst());
    }
    try {
      CelAbstractSyntaxTree tree = result.getAst();
      CelChecks checks = new CelChecks(source, tree, use);
      checks.check();
      return new CelExpression(RUNTIME.createProgram(tree), checks);
    } catch (dev.cel.common.CelValidationException | CelEvaluationException e) {
      throw new InvalidPolicyException(
          source.at(1, 0), Escaped.text(String.valueOf(e.getMessage())), "");
    }
  }

  private static InvalidPolicyException refused(PolicySource.Expression source, CelIssue issue) {
    String message = issue.getMessage();
    return new InvalidPolicyException(
        source.at(issue.getSourceLocation().getLine(), issue.getSourceLocation().getColumn()),
        Escaped.text(message),
        CelHints.of(message));
  }

  /** Ages at which the answer may change. */
  Set<Duration> breakpoints() {
    return breakpoints;
  }

  int cost() {
    return cost;
  }

  Object evaluate(Map<String, Object> variables) {
    try {
      return program.eval(variables);
    } catch (CelEvaluationException e) {
      throw new IllegalStateException("an expression that was taken for total is not", e);
    }
  }

  /** What a deviation is to the variables. */
  static Map<String, Object> variables(Weighable w) {
    return Map.ofEntries(
        Map.entry("facet", w.difference().key().facet()),
        Map.entry("key", w.difference().key().displayName()),
        Map.entry("kind", w.difference().kind().wireName()),
        Map.entry("cause", w.cause()),
        Map.entry("driftClass", w.driftClass().wireName()),
        Map.entry("owner", w.difference().owner().orElse("")),
        Map.entry("age", w.age()),
        Map.entry("labels", new TextsByName(w.labels())),
        Map.entry("expected", new TextsByName(Weighable.shown(w.difference().expected()))),
        Map.entry("actual", new TextsByName(Weighable.shown(w.difference().actual()))));
  }

  static List<String> names() {
    return VARIABLES.keySet().stream().sorted().toList();
  }
}
