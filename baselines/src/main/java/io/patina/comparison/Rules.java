package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.FactKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Expectations in their order, found by key. A host has hundreds of thousands of keys and a
 * baseline may have thousands of expectations: they are kept in a tree by the bytes with which
 * their globs begin, so that a key meets only those that could be about it.
 */
final class Rules {

  /** One expectation, its constraints made ready. */
  private record Rule(int order, Expectation expectation, Map<String, ValueTest> tests) {}

  /** Rules whose globs begin with the bytes on the way to here. */
  private static final class Node {
    private final Map<Byte, Node> next = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();
  }

  private final Map<String, Node> byFacet = new HashMap<>();
  private final List<FactKey> named;

  Rules(List<Expectation> expectations) {
    TreeSet<FactKey> names = new TreeSet<>();
    int order = 0;
    for (Expectation e : expectations) {
      Rule rule = new Rule(order++, e, tests(e));
      Node root = byFacet.computeIfAbsent(e.keys().facet(), f -> new Node());
      for (ByteString beginning : new HashSet<>(e.keys().glob().beginnings())) {
        Node node = root;
        for (int i = 0; i < beginning.size(); i++) {
          node = node.next.computeIfAbsent(beginning.byteAt(i), b -> new Node());
        }
        node.rules.add(rule);
      }
      if (isAboutBeing(e)) {
        for (ByteString name : e.keys().glob().names()) {
          names.add(new FactKey(e.keys().facet(), name));
        }
      }
    }
    this.named = List.copyOf(names);
  }

  /** Keys of which something is expected although neither side may have them, in key order. */
  List<FactKey> named() {
    return named;
  }

  /** What is said of this key. */
  Ruling of(FactKey key) {
    Node node = byFacet.get(key.facet());
    TreeMap<Integer, Rule> matching = null;
    for (int i = 0; node != null; i++) {
      for (Rule rule : node.rules) {
        if (rule.expectation().keys().glob().matches(key.name())) {
          matching = matching == null ? new TreeMap<>() : matching;
          matching.put(rule.order(), rule);
        }
      }
      node = i < key.name().size() ? node.next.get(key.name().byteAt(i)) : null;
    }
    return matching == null ? Ruling.NONE : ruling(matching.values());
  }

  /** Of each attribute, and of whether the fact is, the first rule that says something decides. */
  private static Ruling ruling(Iterable<Rule> rules) {
    Ruling.@Nullable Being presence = null;
    Map<String, ValueTest> tests = new TreeMap<>();
    Set<String> ignored = new HashSet<>();
    boolean rest = false;
    for (Rule rule : rules) {
      switch (rule.expectation()) {
        case Expectation.Ignored all -> {
          presence = presence == null ? Ruling.Being.IGNORED : presence;
          rest = true;
        }
        case Expectation.Absent absent -> {
          presence = presence == null ? Ruling.Being.ABSENT : presence;
          rest = true;
        }
        case Expectation.IgnoredAttributes some ->
            some.attributes().stream().filter(a -> !tests.containsKey(a)).forEach(ignored::add);
        case Expectation.Values values -> {
          presence = presence == null ? being(values.presence()) : presence;
          rule.tests()
              .forEach(
                  (name, test) -> {
                    if (!ignored.contains(name)) {
                      tests.putIfAbsent(name, test);
                    }
                  });
        }
      }
      if (rest) {
        // It decides about everything that is not decided.
        break;
      }
    }
    return new Ruling(presence, tests, ignored, rest);
  }

  private static Ruling.@Nullable Being being(Expectation.Presence presence) {
    return switch (presence) {
      case STATED -> null;
      case REQUIRED -> Ruling.Being.REQUIRED;
      case OPTIONAL -> Ruling.Being.OPTIONAL;
    };
  }

  private static boolean isAboutBeing(Expectation e) {
    return switch (e) {
      case Expectation.Absent absent -> true;
      case Expectation.Values values -> values.presence() == Expectation.Presence.REQUIRED;
      case Expectation.Ignored ignored -> false;
      case Expectation.IgnoredAttributes some -> false;
    };
  }

  private static Map<String, ValueTest> tests(Expectation e) {
    Map<String, ValueTest> tests = new TreeMap<>();
    if (e instanceof Expectation.Values values) {
      values.attributes().forEach((n, c) -> tests.put(n, new ValueTest(c, values.reason())));
    }
    return tests;
  }
}
