package io.patina.policy;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.FactKey;
import io.patina.verdict.Severity;
import io.patina.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the cases of a policy file. */
final class CaseReader {

  /** Old enough for every tolerance that is not about days. */
  private static final Duration AGE = Duration.ofHours(12);

  private CaseReader() {}

  static PolicyCase read(PolicyNode node) throws InvalidPolicyException {
    Map<String, PolicyNode> v = node.mapping("name", "labels", "wasArtisanal", "given", "expect");
    Map<String, String> labels = new LinkedHashMap<>();
    if (v.containsKey("labels")) {
      for (Map.Entry<String, PolicyNode> l : node.required(v, "labels").entries().entrySet()) {
        labels.put(l.getKey(), l.getValue().text());
      }
    }
    List<Weighable> given = new ArrayList<>();
    for (PolicyNode each : node.required(v, "given").list()) {
      given.add(deviation(each, labels));
    }
    PolicyNode expect = node.required(v, "expect");
    return new PolicyCase(
        node.required(v, "name").text(),
        node.place(),
        v.containsKey("wasArtisanal") && node.required(v, "wasArtisanal").flag(),
        given,
        expected(expect, given.size()));
  }

  private static Weighable deviation(PolicyNode node, Map<String, String> labels)
      throws InvalidPolicyException {
    Map<String, PolicyNode> v =
        node.mapping("facet", "key", "kind", "cause", "age", "package", "expected", "actual");
    Attributes.Builder expected = attributes(v.get("expected"));
    if (v.containsKey("package")) {
      expected.text(Attributes.PACKAGE, node.required(v, "package").text());
    }
    FactKey key;
    try {
      key =
          new FactKey(
              node.required(v, "facet").text(),
              ByteString.copyFromUtf8(node.required(v, "key").text()));
    } catch (IllegalArgumentException e) {
      throw node.wrong(String.valueOf(e.getMessage()), "");
    }
    return new Weighable(
        new Difference(
            key, kind(v.get("kind")), expected.build(), attributes(v.get("actual")).build()),
        v.containsKey("cause") ? node.required(v, "cause").text() : "unknown",
        v.containsKey("age") ? node.required(v, "age").duration() : AGE,
        labels);
  }

  private static Difference.Kind kind(@org.jspecify.annotations.Nullable PolicyNode node)
      throws InvalidPolicyException {
    if (node == null) {
      return Difference.Kind.CHANGED;
    }
    return word(
        node,
        Arrays.asList(Difference.Kind.values()),
        Difference.Kind::wireName,
        "no kind of deviation");
  }

  private static Attributes.Builder attributes(@org.jspecify.annotations.Nullable PolicyNode node)
      throws InvalidPolicyException {
    Attributes.Builder attributes = new Attributes.Builder();
    if (node != null) {
      for (Map.Entry<String, PolicyNode> a : node.entries().entrySet()) {
        attribute(attributes, a.getKey(), a.getValue());
      }
    }
    return attributes;
  }

  private static void attribute(Attributes.Builder attributes, String name, PolicyNode value)
      throws InvalidPolicyException {
    if (!Attributes.isBinary(name)) {
      attributes.text(name, value.text());
      return;
    }
    try {
      attributes.bytes(name, ByteString.copyFrom(HexFormat.of().parseHex(value.text())));
    } catch (IllegalArgumentException e) {
      throw value.wrong("not hexadecimal", "digests are an even number of hexadecimal digits");
    }
  }

  private static PolicyCase.Expected expected(PolicyNode node, int given)
      throws InvalidPolicyException {
    Map<String, PolicyNode> v =
        node.mapping("rule", "severity", "weight", "tolerance", "verdict", "score");
    if (v.isEmpty()) {
      throw node.wrong("nothing is expected", "say at least one of severity, weight, verdict");
    }
    if (given != 1
        && (v.containsKey("rule") || v.containsKey("weight") || v.containsKey("tolerance"))) {
      throw node.wrong(
          "rule, weight and tolerance are of one deviation, and " + given + " are given",
          "expect severity, verdict or score");
    }
    return new PolicyCase.Expected(
        v.containsKey("rule") ? Optional.of(node.required(v, "rule").text()) : Optional.empty(),
        v.containsKey("severity")
            ? Optional.of(
                word(
                    node.required(v, "severity"),
                    Arrays.asList(Severity.values()),
                    Severity::wireName,
                    "no severity"))
            : Optional.empty(),
        v.containsKey("weight")
            ? Optional.of(node.required(v, "weight").number(0, 100))
            : Optional.empty(),
        v.containsKey("tolerance")
            ? Optional.of(node.required(v, "tolerance").duration())
            : Optional.empty(),
        v.containsKey("verdict")
            ? Optional.of(
                word(
                    node.required(v, "verdict"),
                    List.of(Verdict.CONFORMING, Verdict.DRIFTING, Verdict.ARTISANAL),
                    Verdict::wireName,
                    "no verdict of a policy"))
            : Optional.empty(),
        v.containsKey("score")
            ? Optional.of(node.required(v, "score").number(0, 100))
            : Optional.empty());
  }

  private static <T> T word(
      PolicyNode node, List<T> all, java.util.function.Function<T, String> name, String wrong)
      throws InvalidPolicyException {
    for (T each : all) {
      if (name.apply(each).equals(node.text())) {
        return each;
      }
    }
    throw node.wrong(
        wrong + ": " + Escaped.text(node.text()),
        "known are " + String.join(", ", all.stream().map(name).toList()));
  }
}
