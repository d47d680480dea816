package io.patina.scope;

import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a scope from YAML 1.2: {@code name}, {@code facets}, {@code include}, {@code exclude},
 * {@code attributes} (a list of {@code glob} and {@code names}), {@code sysctls}, {@code
 * filesystems} and {@code mounts} (each {@code enter} and {@code exclude}). The JSON Schema is
 * {@code scope.schema.json} beside this class.
 */
public final class ScopeFile {

  /** Attributes that a rule may name. */
  public static final Set<String> ATTRIBUTES =
      Set.of(
          Attributes.TYPE,
          Attributes.MODE,
          Attributes.UID,
          Attributes.GID,
          Attributes.SIZE,
          Attributes.SHA256,
          Attributes.MD5,
          Attributes.TARGET,
          Attributes.DEVICE,
          Attributes.FLAGS,
          "capability",
          "selinux",
          "acl",
          "acl-default",
          "xattrs",
          "verity");

  /** Largest scope file, in characters. */
  public static final int MAX_FILE = 1 << 20;

  private static final String KEYS =
      "name, facets, include, exclude, attributes, sysctls, filesystems, mounts";

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setLabel("scope")
          .setUseMarks(true)
          .setCodePointLimit(MAX_FILE)
          .build();

  private ScopeFile() {}

  /**
   * Reads a scope.
   *
   * @throws InvalidScopeException naming line and column
   */
  public static Scope parse(String yaml) throws InvalidScopeException {
    if (yaml.length() > MAX_FILE) {
      throw new InvalidScopeException("a scope file has at most " + MAX_FILE + " characters");
    }
    Optional<Node> root;
    try {
      root = new Compose(SETTINGS).composeString(yaml);
    } catch (YamlEngineException e) {
      throw new InvalidScopeException("not YAML: " + e.getMessage());
    }
    if (root.isEmpty() || !(root.get() instanceof MappingNode mapping)) {
      throw new InvalidScopeException("a scope is a mapping with " + KEYS);
    }
    String name = "unnamed";
    Set<Facet> facets = EnumSet.allOf(Facet.class);
    List<Glob> include = List.of();
    List<Glob> exclude = List.of();
    List<Glob> sysctls = List.of();
    List<Scope.AttributeRule> attributes = List.of();
    MountRules crossing = MountRules.NONE;
    Set<String> seen = new HashSet<>();
    for (NodeTuple t : mapping.getValue()) {
      Node value = t.getValueNode();
      once(t.getKeyNode(), seen);
      switch (text(t.getKeyNode())) {
        case "name" -> name = text(value);
        case "facets" -> {
          facets = EnumSet.noneOf(Facet.class);
          facets.addAll(list(value, ScopeFile::facet));
        }
        case "include" -> include = list(value, ScopeFile::pathGlob);
        case "exclude" -> exclude = list(value, ScopeFile::pathGlob);
        case "sysctls" -> sysctls = list(value, ScopeFile::glob);
        case "attributes" -> attributes = list(value, ScopeFile::rule);
        case "filesystems" -> crossing = crossing.withTypes(types(value));
        case "mounts" -> crossing = crossing.withPoints(points(value));
        default ->
            throw wrong(
                t.getKeyNode(),
                "unknown key \"" + Escaped.text(text(t.getKeyNode())) + "\"; known are " + KEYS);
      }
    }
    if (facets.contains(Facet.FILE) && (include.isEmpty() || attributes.isEmpty())) {
      throw new InvalidScopeException(
          "the file facet needs include (globs of paths) and attributes (what to observe of them)");
    }
    return new Scope(name, facets, include, exclude, attributes, sysctls, crossing);
  }

  private static MountRules types(Node node) throws InvalidScopeException {
    EnterAndExclude lists = enterAndExclude(node, ScopeFile::glob);
    return new MountRules(lists.enter(), lists.exclude(), List.of(), List.of());
  }

  private static MountRules points(Node node) throws InvalidScopeException {
    EnterAndExclude lists = enterAndExclude(node, ScopeFile::pathGlob);
    return new MountRules(List.of(), List.of(), lists.enter(), lists.exclude());
  }

  private record EnterAndExclude(List<Glob> enter, List<Glob> exclude) {}

  private static EnterAndExclude enterAndExclude(Node node, Function<Node, Glob> read)
      throws InvalidScopeException {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(node, "write a mapping with enter, exclude or both, each a list");
    }
    List<Glob> enter = List.of();
    List<Glob> exclude = List.of();
    Set<String> seen = new HashSet<>();
    for (NodeTuple t : mapping.getValue()) {
      once(t.getKeyNode(), seen);
      switch (text(t.getKeyNode())) {
        case "enter" -> enter = list(t.getValueNode(), read);
        case "exclude" -> exclude = list(t.getValueNode(), read);
        default ->
            throw wrong(
                t.getKeyNode(),
                "unknown key \""
                    + Escaped.text(text(t.getKeyNode()))
                    + "\"; known are enter and exclude");
      }
    }
    return new EnterAndExclude(enter, exclude);
  }

  private static Scope.AttributeRule rule(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw new Wrong(node, "write a mapping with glob and names");
    }
    Optional<Glob> glob = Optional.empty();
    Set<String> names = Set.of();
    Set<String> seen = new HashSet<>();
    for (NodeTuple t : mapping.getValue()) {
      try {
        once(t.getKeyNode(), seen);
        switch (text(t.getKeyNode())) {
          case "glob" -> glob = Optional.of(pathGlob(t.getValueNode()));
          case "names" -> names = new LinkedHashSet<>(list(t.getValueNode(), ScopeFile::attribute));
          default ->
              throw wrong(
                  t.getKeyNode(),
                  "unknown key \""
                      + Escaped.text(text(t.getKeyNode()))
                      + "\"; known are glob and names");
        }
      } catch (InvalidScopeException e) {
        throw new Wrong(e);
      }
    }
    if (glob.isEmpty() || names.isEmpty()) {
      throw new Wrong(node, "a rule needs both glob and names");
    }
    return new Scope.AttributeRule(glob.get(), names);
  }

  /** YAML forbids a key twice; taking either would surprise whoever wrote the other. */
  private static void once(Node key, Set<String> seen) throws InvalidScopeException {
    String name = text(key);
    if (!seen.add(name)) {
      throw wrong(key, "the key \"" + Escaped.text(name) + "\" is here twice");
    }
  }

  private static String attribute(Node node) {
    String name = plain(node);
    if (!ATTRIBUTES.contains(name)) {
      throw new Wrong(
          node,
          "unknown attribute \"" + Escaped.text(name) + "\"; known are " + sorted(ATTRIBUTES));
    }
    return name;
  }

  private static Facet facet(Node node) {
    String name = plain(node);
    return Facet.named(name)
        .orElseThrow(
            () ->
                new Wrong(
                    node,
                    "unknown facet \""
                        + Escaped.text(name)
                        + "\"; known are "
                        + sorted(
                            EnumSet.allOf(Facet.class).stream()
                                .map(Facet::wireName)
                                .collect(java.util.stream.Collectors.toSet()))));
  }

  private static Glob pathGlob(Node node) {
    Glob glob = glob(node);
    if (!glob.toString().startsWith("/")) {
      throw new Wrong(node, "a path glob begins with /");
    }
    return glob;
  }

  private static Glob glob(Node node) {
    try {
      return Glob.of(plain(node));
    } catch (IllegalArgumentException e) {
      throw new Wrong(node, e.getMessage() == null ? "not a glob" : e.getMessage());
    }
  }

  private static <T> List<T> list(Node node, Function<Node, T> read) throws InvalidScopeException {
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong(node, "write a list, one \"- item\" per line");
    }
    List<T> out = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      try {
        out.add(read.apply(item));
      } catch (Wrong e) {
        throw e.placed;
      }
    }
    return out;
  }

  private static String text(Node node) throws InvalidScopeException {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return scalar.getValue();
    }
    throw wrong(node, "write text here, in quotes if it looks like a number, true, false or null");
  }

  private static String plain(Node node) {
    try {
      return text(node);
    } catch (InvalidScopeException e) {
      throw new Wrong(e);
    }
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  private static InvalidScopeException wrong(Node node, String what) {
    String where =
        node.getStartMark()
            .map(m -> "line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1) + ": ")
            .orElse("");
    return new InvalidScopeException(where + what);
  }

  /** Carries a mistake out of a list. */
  private static final class Wrong extends RuntimeException {
    private final transient InvalidScopeException placed;

    Wrong(InvalidScopeException placed) {
      super(placed);
      this.placed = placed;
    }

    Wrong(Node node, String message) {
      this(wrong(node, message));
    }
  }
}
