package io.patina.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.comparison.Constraint;
import io.patina.comparison.Expectation;
import io.patina.scope.Glob;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Expectations as a signed statement has them. */
final class ExpectationJson {

  private ExpectationJson() {}

  static void keys(ObjectNode node, Expectation.Keys keys) {
    node.put("facet", keys.facet()).put("glob", keys.glob().toString());
  }

  static Expectation.Keys keys(JsonNode node) {
    return new Expectation.Keys(node.path("facet").asText(), Glob.of(node.path("glob").asText()));
  }

  static void write(ObjectNode node, Expectation e) {
    keys(node, e.keys());
    switch (e) {
      case Expectation.Ignored ignored -> node.put("expect", "ignored");
      case Expectation.Absent absent -> node.put("expect", "absent");
      case Expectation.IgnoredAttributes some -> {
        node.put("expect", "ignored-attributes");
        ArrayNode names = node.putArray("attributes");
        some.attributes().stream().sorted().forEach(names::add);
      }
      case Expectation.Values values -> {
        node.put("expect", "values");
        node.put("presence", values.presence().word());
        ObjectNode attributes = node.putObject("attributes");
        values.attributes().forEach((name, must) -> write(attributes.putObject(name), must));
      }
    }
    node.put("reason", e.reason());
  }

  static Expectation read(JsonNode node) {
    Expectation.Keys keys = keys(node);
    String reason = node.path("reason").asText();
    return switch (node.path("expect").asText()) {
      case "ignored" -> new Expectation.Ignored(keys, reason);
      case "absent" -> new Expectation.Absent(keys, reason);
      case "ignored-attributes" -> {
        Set<String> names = new LinkedHashSet<>();
        node.path("attributes").forEach(a -> names.add(a.asText()));
        yield new Expectation.IgnoredAttributes(keys, names, reason);
      }
      case "values" -> {
        TreeMap<String, Constraint> attributes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> a : node.path("attributes").properties()) {
          attributes.put(a.getKey(), constraint(a.getValue()));
        }
        yield new Expectation.Values(
            keys, presence(node.path("presence").asText()), attributes, reason);
      }
      default -> throw unknown();
    };
  }

  private static void write(ObjectNode node, Constraint must) {
    switch (must) {
      case Constraint.Exactly e -> node.put("exactly", e.value());
      case Constraint.OneOf o -> o.values().forEach(node.putArray("oneOf")::add);
      case Constraint.Matches m -> node.put("matches", m.pattern());
      case Constraint.AtLeast a -> node.put("atLeast", a.version());
      case Constraint.Content c -> c.texts().forEach(node.putArray("content")::add);
    }
  }

  private static Constraint constraint(JsonNode node) {
    if (node.size() != 1) {
      throw unknown();
    }
    Map.Entry<String, JsonNode> must = node.properties().iterator().next();
    JsonNode value = must.getValue();
    return switch (must.getKey()) {
      case "exactly" -> new Constraint.Exactly(value.asText());
      case "oneOf" -> new Constraint.OneOf(texts(value));
      case "matches" -> new Constraint.Matches(value.asText());
      case "atLeast" -> new Constraint.AtLeast(value.asText());
      case "content" -> new Constraint.Content(texts(value));
      default -> throw unknown();
    };
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(t -> texts.add(t.asText()));
    return texts;
  }

  private static Expectation.Presence presence(String word) {
    for (Expectation.Presence p : Expectation.Presence.values()) {
      if (p.word().equals(word)) {
        return p;
      }
    }
    throw unknown();
  }

  private static IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "an expectation that this version does not know; nothing of the baseline is used");
  }
}
