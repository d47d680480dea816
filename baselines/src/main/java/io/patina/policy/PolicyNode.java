package io.patina.policy;

import io.patina.facts.Escaped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A node of a YAML file that knows where it stands; what it is not, it says. */
final class PolicyNode {

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setLabel("policy").setUseMarks(true).build();

  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smhd])");

  private final Node node;
  private final String file;

  private PolicyNode(Node node, String file) {
    this.node = node;
    this.file = file;
  }

  /** The root of a file. */
  static PolicyNode of(String file) throws InvalidPolicyException {
    try {
      Optional<Node> root = new Compose(SETTINGS).composeString(file);
      if (root.isPresent()) {
        return new PolicyNode(root.get(), file);
      }
    } catch (MarkedYamlEngineException e) {
      Place place =
          e.getProblemMark()
              .map(m -> new Place(m.getLine() + 1, m.getColumn() + 1))
              .orElse(Place.BEGINNING);
      throw new InvalidPolicyException(
          place,
          "not YAML: " + Escaped.text(e.getProblem()),
          "an expression with : or # or quotes goes in single quotes or after |");
    } catch (YamlEngineException e) {
      throw new InvalidPolicyException(
          Place.BEGINNING, "not YAML: " + Escaped.text(String.valueOf(e.getMessage())), "");
    }
    throw new InvalidPolicyException(
        Place.BEGINNING, "nothing is here", "a policy is a mapping with name, artisanal and rules");
  }

  Place place() {
    return node.getStartMark()
        .map(m -> new Place(m.getLine() + 1, m.getColumn() + 1))
        .orElse(Place.BEGINNING);
  }

  InvalidPolicyException wrong(String what, String hint) {
    return new InvalidPolicyException(place(), what, hint);
  }

  /** The values of a mapping that has no other keys than these. */
  Map<String, PolicyNode> mapping(String... known) throws InvalidPolicyException {
    Map<String, PolicyNode> values = entries();
    for (NodeTuple t : ((MappingNode) node).getValue()) {
      PolicyNode key = new PolicyNode(t.getKeyNode(), file);
      if (!List.of(known).contains(key.text())) {
        throw key.wrong(
            "unknown key \"" + Escaped.text(key.text()) + "\"",
            "known are " + String.join(", ", known));
      }
    }
    return values;
  }

  /** The values of a mapping with any keys. */
  Map<String, PolicyNode> entries() throws InvalidPolicyException {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong("not a mapping", "write \"key: value\", one per line");
    }
    Map<String, PolicyNode> values = new LinkedHashMap<>();
    for (NodeTuple t : mapping.getValue()) {
      PolicyNode key = new PolicyNode(t.getKeyNode(), file);
      if (values.put(key.text(), new PolicyNode(t.getValueNode(), file)) != null) {
        throw key.wrong("the key \"" + Escaped.text(key.text()) + "\" is here twice", "");
      }
    }
    return values;
  }

  PolicyNode required(Map<String, PolicyNode> values, String key) throws InvalidPolicyException {
    PolicyNode value = values.get(key);
    if (value == null) {
      throw wrong("\"" + key + "\" is missing", "add \"" + key + ": ...\" here");
    }
    return value;
  }

  List<PolicyNode> list() throws InvalidPolicyException {
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong("not a list", "write one \"- item\" per line");
    }
    List<PolicyNode> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(new PolicyNode(item, file));
    }
    return items;
  }

  /** Any scalar but null, as it is written. */
  String text() throws InvalidPolicyException {
    if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
      return scalar.getValue();
    }
    throw wrong("not text", "write a word or a text in quotes");
  }

  boolean isNumber() {
    return node.getTag().equals(Tag.INT);
  }

  boolean flag() throws InvalidPolicyException {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
      return Boolean.parseBoolean(scalar.getValue());
    }
    throw wrong("not true or false", "");
  }

  int number(int least, int most) throws InvalidPolicyException {
    String hint = "write a whole number from " + least + " to " + most;
    if (!isNumber()) {
      throw wrong("not a number", hint);
    }
    try {
      int number = Integer.parseInt(text());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong("not a number", hint);
    }
    throw wrong("out of range", hint);
  }

  /** A time such as {@code 90s}, {@code 10m}, {@code 2h}, {@code 7d}; empty if it is none. */
  Optional<Duration> ifDuration() throws InvalidPolicyException {
    Matcher m = DURATION.matcher(text());
    if (!m.matches()) {
      return Optional.empty();
    }
    long n = Long.parseLong(m.group(1));
    return Optional.of(
        switch (m.group(2)) {
          case "s" -> Duration.ofSeconds(n);
          case "m" -> Duration.ofMinutes(n);
          case "h" -> Duration.ofHours(n);
          default -> Duration.ofDays(n);
        });
  }

  Duration duration() throws InvalidPolicyException {
    Optional<Duration> duration = ifDuration();
    if (duration.isEmpty()) {
      throw wrong("not a time", "write a number and s, m, h or d, such as 10m");
    }
    return duration.get();
  }

  /** A CEL expression. */
  PolicySource.Expression expression() throws InvalidPolicyException {
    return new PolicySource.Expression(text(), lines((ScalarNode) node));
  }

  /** Where each line of a scalar begins. What is folded has one line for CEL: its beginning. */
  private List<Place> lines(ScalarNode scalar) {
    Place start = place();
    boolean quoted =
        scalar.getScalarStyle() == ScalarStyle.SINGLE_QUOTED
            || scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED;
    if (scalar.getScalarStyle() != ScalarStyle.LITERAL) {
      return List.of(quoted ? new Place(start.line(), start.column() + 1) : start);
    }
    List<String> fileLines = file.lines().toList();
    long count = scalar.getValue().lines().count();
    List<Place> places = new ArrayList<>();
    int indent = -1;
    for (int i = 0; i < count && start.line() + i < fileLines.size(); i++) {
      String line = fileLines.get(start.line() + i);
      if (indent < 0 && !line.isBlank()) {
        indent = line.length() - line.stripLeading().length();
      }
      places.add(new Place(start.line() + i + 1, Math.max(indent, 0) + 1));
    }
    return places.isEmpty() ? List.of(start) : places;
  }
}
