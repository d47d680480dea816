package io.patina.expectations;

import io.patina.comparison.Constraint;
import io.patina.comparison.Expectation;
import io.patina.facts.Escaped;
import io.patina.scope.Glob;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads one entry of the list {@code expectations}. */
final class RuleReader {

  private static final List<String> VALUES = List.of("exactly", "oneOf", "matches", "atLeast");

  private static final List<String> KEYS =
      List.of(
          "facet",
          "glob",
          "exactly",
          "oneOf",
          "matches",
          "atLeast",
          "absent",
          "ignored",
          "optional",
          "reason");

  private final Node node;
  private final Map<String, Yaml.Member> members;
  private final Expectation.Keys keys;
  private final String reason;

  private RuleReader(Node node) {
    this.node = node;
    this.members = Yaml.mapping(node, "write a mapping with facet, glob, reason and what is", KEYS);
    this.keys = keys();
    this.reason =
        Yaml.text(member("reason", "say why, for those who review it: reason: ...").value());
    if (reason.isBlank() || reason.length() > Expectation.MAX_REASON) {
      throw new Yaml.Misplaced(node, "a reason has 1 to " + Expectation.MAX_REASON + " characters");
    }
  }

  static List<Expectation> read(Node node) {
    return new RuleReader(node).read();
  }

  private List<Expectation> read() {
    boolean valued = VALUES.stream().anyMatch(members::containsKey);
    Yaml.Member absent = members.get("absent");
    Yaml.Member ignored = members.get("ignored");
    Yaml.Member optional = members.get("optional");
    if (absent != null) {
      if (valued || ignored != null || optional != null) {
        throw new Yaml.Misplaced(absent.key(), "what is absent has no values; make two entries");
      }
      whole(absent);
      return List.of(new Expectation.Absent(keys, reason));
    }
    if (ignored != null && !Yaml.isList(ignored.value())) {
      if (valued || optional != null) {
        throw new Yaml.Misplaced(
            ignored.key(), "what is ignored whole has no values; list attributes: ignored: [uid]");
      }
      whole(ignored);
      return List.of(new Expectation.Ignored(keys, reason));
    }
    List<Expectation> found = new ArrayList<>();
    if (ignored != null) {
      found.add(new Expectation.IgnoredAttributes(keys, ignored(ignored.value()), reason));
    }
    if (valued) {
      found.addAll(values(optional));
    } else if (optional != null) {
      throw new Yaml.Misplaced(
          optional.key(), "optional goes with exactly, oneOf, matches or atLeast");
    }
    if (found.isEmpty()) {
      throw new Yaml.Misplaced(
          node, "say what is expected: exactly, oneOf, matches, atLeast, absent or ignored");
    }
    return found;
  }

  private List<Expectation> values(Yaml.@Nullable Member optional) {
    if (optional != null) {
      whole(optional);
    }
    TreeMap<String, Constraint> attributes = new TreeMap<>();
    for (String word : VALUES) {
      Yaml.Member m = members.get(word);
      if (m != null) {
        constraints(word, m.value(), attributes);
      }
    }
    Expectation.Presence presence =
        optional != null
            ? Expectation.Presence.OPTIONAL
            : keys.glob().names().isEmpty()
                ? Expectation.Presence.STATED
                : Expectation.Presence.REQUIRED;
    List<Expectation> found = new ArrayList<>();
    Constraint content = attributes.remove(AttributeNames.CONTENT);
    if (content != null) {
      if (attributes.containsKey("sha256")) {
        throw new Yaml.Misplaced(node, "content says what sha256 is; leave one of them away");
      }
      attributes.put("sha256", content);
      // They follow from the content.
      found.add(new Expectation.IgnoredAttributes(keys, Set.of("size", "md5"), reason));
    }
    found.add(new Expectation.Values(keys, presence, attributes, reason));
    return found;
  }

  private void constraints(String word, Node value, Map<String, Constraint> attributes) {
    if (Yaml.isText(value) || Yaml.isList(value)) {
      String only =
          AttributeNames.only(keys.facet())
              .orElseThrow(
                  () ->
                      new Yaml.Misplaced(
                          value,
                          "say of which attribute: "
                              + word
                              + ": {"
                              + AttributeNames.example(keys.facet())
                              + ": ...}"));
      put(attributes, only, constraint(word, only, value), value);
      return;
    }
    Yaml.mapping(value, "write attribute: value")
        .forEach(
            (name, m) -> {
              AttributeNames.check(keys.facet(), name, m.key());
              put(attributes, name, constraint(word, name, m.value()), m.key());
            });
  }

  private static void put(
      Map<String, Constraint> attributes, String name, Constraint must, Node where) {
    if (attributes.put(name, must) != null) {
      throw new Yaml.Misplaced(
          where, "the attribute " + name + " is here twice; one of them is enough");
    }
  }

  private static Constraint constraint(String word, String attribute, Node value) {
    if (attribute.equals(AttributeNames.CONTENT)) {
      return switch (word) {
        case "exactly" -> made(value, n -> new Constraint.Content(List.of(Yaml.text(n))));
        case "oneOf" -> made(value, n -> new Constraint.Content(Yaml.texts(n)));
        default ->
            throw new Yaml.Misplaced(
                value, "a host reports a digest of the content: only exactly and oneOf can be");
      };
    }
    if (AttributeNames.isDigest(attribute)) {
      return switch (word) {
        case "exactly" -> made(value, n -> new Constraint.Exactly(AttributeNames.digest(n)));
        case "oneOf" ->
            made(
                value,
                n ->
                    new Constraint.OneOf(
                        Yaml.list(n).stream().map(AttributeNames::digest).toList()));
        default -> throw new Yaml.Misplaced(value, "a digest is exactly or oneOf, in hexadecimal");
      };
    }
    return switch (word) {
      case "exactly" -> made(value, n -> new Constraint.Exactly(Yaml.text(n)));
      case "oneOf" -> made(value, n -> new Constraint.OneOf(Yaml.texts(n)));
      case "matches" -> made(value, n -> new Constraint.Matches(Yaml.text(n)));
      default -> made(value, n -> new Constraint.AtLeast(Yaml.text(n)));
    };
  }

  private static Constraint made(Node value, Function<Node, Constraint> of) {
    try {
      return of.apply(value);
    } catch (IllegalArgumentException e) {
      throw new Yaml.Misplaced(value, Escaped.text(String.valueOf(e.getMessage())));
    }
  }

  private Set<String> ignored(Node list) {
    Set<String> names = new LinkedHashSet<>();
    for (Node n : Yaml.list(list)) {
      String name = Yaml.text(n);
      AttributeNames.check(keys.facet(), name, n);
      if (name.equals(AttributeNames.CONTENT)) {
        names.addAll(List.of("sha256", "size", "md5"));
      } else {
        names.add(name);
      }
    }
    if (names.isEmpty()) {
      throw new Yaml.Misplaced(list, "name attributes, or write ignored: true for the whole fact");
    }
    return names;
  }

  private static void whole(Yaml.Member member) {
    if (!Yaml.isTrue(member.value())) {
      throw new Yaml.Misplaced(member.value(), "write true, or leave the key away");
    }
  }

  private Expectation.Keys keys() {
    Node facet = member("facet", "say of which facet: facet: file").value();
    Node glob = member("glob", "say of which keys: glob: /etc/hostname").value();
    String name = Yaml.text(facet);
    AttributeNames.checkFacet(name, facet);
    String pattern = Yaml.text(glob);
    if ((name.equals("file") || name.equals("mount")) && !pattern.matches("(?s)[/{*].*")) {
      throw new Yaml.Misplaced(glob, "a path glob begins with /");
    }
    try {
      return new Expectation.Keys(name, Glob.of(pattern));
    } catch (IllegalArgumentException e) {
      throw new Yaml.Misplaced(glob, Escaped.text(String.valueOf(e.getMessage())));
    }
  }

  private Yaml.Member member(String key, String otherwise) {
    Yaml.Member member = members.get(key);
    if (member == null) {
      throw new Yaml.Misplaced(node, otherwise);
    }
    return member;
  }
}
