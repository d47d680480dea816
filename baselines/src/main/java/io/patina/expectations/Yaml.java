package io.patina.expectations;

import io.patina.facts.Escaped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML nodes with their places. Throws {@link Misplaced}, never anything else. */
final class Yaml {

  /** Something at a place that should be otherwise. */
  static final class Misplaced extends RuntimeException {
    Misplaced(Node node, String what) {
      super(
          node.getStartMark()
                  .map(m -> "line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1) + ": ")
                  .orElse("")
              + what);
    }

    Misplaced(String what) {
      super(what);
    }
  }

  /** A value and where it and its key stand. */
  record Member(Node key, Node value) {}

  private Yaml() {}

  static Optional<Node> root(String yaml, int mostCharacters) {
    if (yaml.length() > mostCharacters) {
      throw new Misplaced("the file has more than " + mostCharacters + " characters");
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel("expectations")
            .setUseMarks(true)
            .setCodePointLimit(mostCharacters)
            .build();
    try {
      return new Compose(settings).composeString(yaml);
    } catch (YamlEngineException e) {
      throw new Misplaced("not YAML: " + e.getMessage());
    }
  }

  /** The members of a mapping in their order; each key is one of the known, and there once. */
  static Map<String, Member> mapping(Node node, String otherwise, List<String> known) {
    Map<String, Member> members = mapping(node, otherwise);
    members.forEach(
        (name, member) -> {
          if (!known.contains(name)) {
            throw new Misplaced(
                member.key(),
                "unknown key \""
                    + Escaped.text(name)
                    + "\"; known are "
                    + String.join(", ", known));
          }
        });
    return members;
  }

  static Map<String, Member> mapping(Node node, String otherwise) {
    if (!(node instanceof MappingNode mapping)) {
      throw new Misplaced(node, otherwise);
    }
    Map<String, Member> members = new LinkedHashMap<>();
    for (NodeTuple t : mapping.getValue()) {
      String name = text(t.getKeyNode());
      if (members.put(name, new Member(t.getKeyNode(), t.getValueNode())) != null) {
        throw new Misplaced(t.getKeyNode(), "the key \"" + Escaped.text(name) + "\" is here twice");
      }
    }
    return members;
  }

  static List<Node> list(Node node) {
    if (!(node instanceof SequenceNode sequence)) {
      throw new Misplaced(node, "write a list, one \"- item\" per line");
    }
    return sequence.getValue();
  }

  static List<String> texts(Node node) {
    List<String> out = new ArrayList<>();
    list(node).forEach(n -> out.add(text(n)));
    return out;
  }

  static String text(Node node) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return scalar.getValue();
    }
    throw new Misplaced(
        node, "write text here, in quotes if it looks like a number, true, false or null");
  }

  static boolean isText(Node node) {
    return node instanceof ScalarNode;
  }

  static boolean isList(Node node) {
    return node instanceof SequenceNode;
  }

  /** Whether it is {@code true}; {@code false} says nothing that leaving it away would not. */
  static boolean isTrue(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.BOOL)
        && scalar.getValue().equals("true");
  }
}
