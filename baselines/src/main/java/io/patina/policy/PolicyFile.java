package io.patina.policy;

import io.patina.facts.Escaped;
import io.patina.verdict.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a policy from YAML 1.2: {@code name}, {@code description}, {@code artisanal}, {@code rules}
 * and {@code cases}. The JSON Schema is {@code policy.schema.json} beside this class. Expressions
 * are only located here; {@link CompiledPolicy} looks at them.
 */
public final class PolicyFile {

  /** Largest policy, in characters: it travels in the signed statement. */
  public static final int MAX_FILE = 1 << 16;

  static final int MAX_RULES = 100;
  static final int MAX_CASES = 500;
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final Duration MOST_GRACE = Duration.ofDays(30);

  private PolicyFile() {}

  /**
   * Reads a policy.
   *
   * @throws InvalidPolicyException naming line and column
   */
  public static PolicySource parse(String yaml) throws InvalidPolicyException {
    if (yaml.length() > MAX_FILE) {
      throw new InvalidPolicyException(
          Place.BEGINNING,
          "over " + MAX_FILE + " characters",
          "a policy travels in every signed baseline; make it shorter");
    }
    PolicyNode root = PolicyNode.of(yaml);
    Map<String, PolicyNode> v = root.mapping("name", "description", "artisanal", "rules", "cases");
    String name = name(root.required(v, "name"));
    PolicyNode description = v.get("description");
    return new PolicySource(
        name,
        description == null ? "" : description.text(),
        artisanal(root.required(v, "artisanal")),
        rules(root.required(v, "rules")),
        v.containsKey("cases") ? cases(root.required(v, "cases")) : List.of(),
        yaml);
  }

  private static String name(PolicyNode node) throws InvalidPolicyException {
    String name = node.text();
    if (!NAME.matcher(name).matches()) {
      throw node.wrong(
          "not a name: " + Escaped.text(name),
          "a name has 1 to 64 letters, digits, dots, dashes or underscores");
    }
    return name;
  }

  private static PolicySource.Artisanal artisanal(PolicyNode node) throws InvalidPolicyException {
    Map<String, PolicyNode> v = node.mapping("from", "grace", "hysteresis");
    int from = node.required(v, "from").number(1, 100);
    Duration grace = Duration.ZERO;
    if (v.containsKey("grace")) {
      grace = node.required(v, "grace").duration();
      if (grace.compareTo(MOST_GRACE) > 0) {
        throw node.required(v, "grace").wrong("over 30 days", "write at most 30d");
      }
    }
    int hysteresis =
        v.containsKey("hysteresis") ? node.required(v, "hysteresis").number(0, from - 1) : 0;
    return new PolicySource.Artisanal(from, grace, hysteresis);
  }

  private static List<PolicySource.Rule> rules(PolicyNode node) throws InvalidPolicyException {
    List<PolicyNode> items = node.list();
    if (items.isEmpty() || items.size() > MAX_RULES) {
      throw node.wrong(items.size() + " rules", "a policy has 1 to " + MAX_RULES + " rules");
    }
    List<PolicySource.Rule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (PolicyNode item : items) {
      boolean last = rules.size() == items.size() - 1;
      PolicySource.Rule rule = rule(item);
      if (!names.add(rule.name())) {
        throw item.wrong("a second rule called " + rule.name(), "name it for what it is about");
      }
      if (last && rule.when().isPresent()) {
        throw item.wrong(
            "the last rule has a condition",
            "end with a rule without \"when\", so that every deviation is weighed");
      }
      if (!last && rule.when().isEmpty()) {
        throw item.wrong(
            "a rule without a condition before the last one",
            "add \"when\", or put it last: the rules after it would never be asked");
      }
      rules.add(rule);
    }
    return rules;
  }

  private static PolicySource.Rule rule(PolicyNode node) throws InvalidPolicyException {
    Map<String, PolicyNode> v =
        node.mapping("name", "when", "severity", "weight", "atMost", "tolerance");
    PolicyNode weight = node.required(v, "weight");
    if (weight.isNumber()) {
      int unused = weight.number(0, 100);
    }
    return new PolicySource.Rule(
        name(node.required(v, "name")),
        node.place(),
        v.containsKey("when")
            ? Optional.of(node.required(v, "when").expression())
            : Optional.empty(),
        severity(node.required(v, "severity")),
        weight.expression(),
        v.containsKey("tolerance")
            ? tolerance(node.required(v, "tolerance"))
            : constant("duration(\"0s\")", node.place()),
        v.containsKey("atMost") ? node.required(v, "atMost").number(0, 100) : 100);
  }

  /** A bare word is the severity of that name; anything else is an expression. */
  private static PolicySource.Expression severity(PolicyNode node) throws InvalidPolicyException {
    if (Severity.named(node.text()).isPresent()) {
      return constant('"' + node.text() + '"', node.place());
    }
    if (NAME.matcher(node.text()).matches()) {
      throw node.wrong(
          "no severity: " + Escaped.text(node.text()),
          "known are " + String.join(", ", Severity.words()));
    }
    return node.expression();
  }

  private static PolicySource.Expression tolerance(PolicyNode node) throws InvalidPolicyException {
    Optional<Duration> constant = node.ifDuration();
    return constant.isPresent()
        ? constant("duration(\"" + constant.get().toSeconds() + "s\")", node.place())
        : node.expression();
  }

  private static PolicySource.Expression constant(String cel, Place place) {
    return new PolicySource.Expression(cel, List.of(place));
  }

  private static List<PolicyCase> cases(PolicyNode node) throws InvalidPolicyException {
    List<PolicyNode> items = node.list();
    if (items.size() > MAX_CASES) {
      throw node.wrong(items.size() + " cases", "a policy has at most " + MAX_CASES + " cases");
    }
    List<PolicyCase> cases = new ArrayList<>();
    for (PolicyNode item : items) {
      cases.add(CaseReader.read(item));
    }
    return cases;
  }
}
