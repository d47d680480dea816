package io.patina.policy;

import io.patina.verdict.Severity;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A policy that is type-checked and of bounded cost. Immutable; the same question has the same
 * answer, and between two {@link #breakpoints} age changes none.
 */
public final class CompiledPolicy {

  /** Most that asking every rule of a policy may cost, in the units of one comparison's parts. */
  static final int MOST_COST = 5000;

  private record Rule(
      String name,
      Optional<CelExpression> when,
      CelExpression severity,
      CelExpression weight,
      CelExpression tolerance,
      int atMost) {}

  private final PolicySource source;
  private final List<Rule> rules;
  private final NavigableSet<Duration> breakpoints;

  private CompiledPolicy(
      PolicySource source, List<Rule> rules, NavigableSet<Duration> breakpoints) {
    this.source = source;
    this.rules = rules;
    this.breakpoints = breakpoints;
  }

  /**
   * Compiles a policy from its file.
   *
   * @throws InvalidPolicyException naming line, column and what to write instead
   */
  public static CompiledPolicy of(String yaml) throws InvalidPolicyException {
    return of(PolicyFile.parse(yaml));
  }

  /** Compiles a policy that has been read. */
  public static CompiledPolicy of(PolicySource source) throws InvalidPolicyException {
    List<Rule> rules = new ArrayList<>();
    NavigableSet<Duration> breakpoints = new TreeSet<>();
    int cost = 0;
    for (PolicySource.Rule r : source.rules()) {
      Optional<CelExpression> when =
          r.when().isPresent()
              ? Optional.of(CelExpression.compile(r.when().get(), CelUse.WHEN))
              : Optional.empty();
      Rule rule =
          new Rule(
              r.name(),
              when,
              CelExpression.compile(r.severity(), CelUse.SEVERITY),
              CelExpression.compile(r.weight(), CelUse.WEIGHT),
              CelExpression.compile(r.tolerance(), CelUse.TOLERANCE),
              r.atMost());
      rules.add(rule);
      for (CelExpression e : expressions(rule)) {
        breakpoints.addAll(e.breakpoints());
        cost += e.cost();
      }
      if (cost > MOST_COST) {
        throw new InvalidPolicyException(
            r.place(),
            "from this rule on the policy costs more than " + MOST_COST,
            "join rules, or ask for facet and startsWith before matches");
      }
    }
    return new CompiledPolicy(source, List.copyOf(rules), breakpoints);
  }

  private static List<CelExpression> expressions(Rule rule) {
    List<CelExpression> all =
        new ArrayList<>(List.of(rule.severity(), rule.weight(), rule.tolerance()));
    rule.when().ifPresent(all::add);
    return all;
  }

  public String name() {
    return source.name();
  }

  public PolicySource.Artisanal artisanal() {
    return source.artisanal();
  }

  public List<PolicyCase> cases() {
    return source.cases();
  }

  /** The first breakpoint that an age has not reached; empty if its answer stays for ever. */
  Optional<Duration> nextBreakpoint(Duration age) {
    // age > 1h is still false at one hour sharp: the next millisecond is the one that counts.
    Duration whole = age.truncatedTo(ChronoUnit.MILLIS);
    for (Duration b : breakpoints) {
      if (whole.compareTo(b) < 0) {
        return Optional.of(b);
      }
      if (whole.equals(b)) {
        return Optional.of(b.plusMillis(1));
      }
    }
    return Optional.empty();
  }

  /**
   * Which stage of its life a deviation is in: of two ages in one stage the policy says the same.
   */
  public int stage(Duration age) {
    int stage = 0;
    for (Duration b : breakpoints) {
      stage += age.compareTo(b) > 0 ? 2 : age.equals(b) ? 1 : 0;
    }
    return stage;
  }

  /** What the policy says of a deviation. */
  public Answer answer(Weighable weighable) {
    Map<String, Object> variables = CelExpression.variables(weighable);
    for (Rule rule : rules) {
      if (rule.when().isEmpty() || rule.when().get().evaluate(variables).equals(true)) {
        return new Answer(
            rule.name(),
            Severity.named((String) rule.severity().evaluate(variables)).orElseThrow(),
            ((Long) rule.weight().evaluate(variables)).intValue(),
            rule.atMost(),
            (Duration) rule.tolerance().evaluate(variables));
      }
    }
    throw new IllegalStateException("the last rule holds always");
  }
}
