package io.patina.expectations;

import io.patina.comparison.Expectation;
import io.patina.facts.Escaped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads expectations from YAML 1.2: {@code name}, {@code extends} (a list of {@code file} or {@code
 * name}, with {@code sha256}) and {@code expectations} (a list, the first that says something
 * decides). The JSON Schema is {@code expectations.schema.json} beside this class.
 */
public final class ExpectationsFile {

  /** Largest file, in characters. */
  public static final int MAX_FILE = 1 << 20;

  /** Most files that one may extend directly. */
  public static final int MAX_EXTENDS = 16;

  private static final List<String> KEYS = List.of("name", "extends", "expectations");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * One document.
   *
   * @param name for people, and for {@code extends} by name
   * @param bases the files that it extends, in their order
   * @param expectations its own, in the order that decides
   */
  public record Document(String name, List<Base> bases, List<Expectation> expectations) {
    public Document {
      bases = List.copyOf(bases);
      expectations = List.copyOf(expectations);
    }
  }

  /**
   * A file that is extended.
   *
   * @param file its path, relative to the file that extends it; empty if it is known by name
   * @param name its name; empty if it is known by path
   * @param sha256 what its bytes must be, 64 hexadecimal digits; a name needs it
   */
  public record Base(Optional<String> file, Optional<String> name, Optional<String> sha256) {}

  private ExpectationsFile() {}

  /** Whether a document is meant to be this kind of file rather than a scope. */
  public static boolean isMeant(String yaml) {
    try {
      Map<String, Yaml.Member> members =
          Yaml.mapping(Yaml.root(yaml, MAX_FILE).orElseThrow(() -> new Yaml.Misplaced("")), "");
      return members.containsKey("expectations") || members.containsKey("extends");
    } catch (Yaml.Misplaced e) {
      return false;
    }
  }

  /**
   * Reads a document; what it extends is not looked at.
   *
   * @throws InvalidExpectationsException naming line and column
   */
  public static Document parse(String yaml) throws InvalidExpectationsException {
    try {
      return document(
          Yaml.root(yaml, MAX_FILE)
              .orElseThrow(() -> new Yaml.Misplaced("the file is empty; write expectations:")));
    } catch (Yaml.Misplaced e) {
      throw new InvalidExpectationsException(String.valueOf(e.getMessage()));
    }
  }

  private static Document document(Node root) {
    Map<String, Yaml.Member> members =
        Yaml.mapping(root, "write a mapping with " + String.join(", ", KEYS), KEYS);
    String name = "unnamed";
    List<Base> bases = new ArrayList<>();
    List<Expectation> expectations = new ArrayList<>();
    for (Map.Entry<String, Yaml.Member> m : members.entrySet()) {
      Node value = m.getValue().value();
      switch (m.getKey()) {
        case "name" -> name = matching(value, NAME, "a name has letters, digits, . - and _");
        case "extends" -> {
          Yaml.list(value).forEach(b -> bases.add(base(b)));
          if (bases.size() > MAX_EXTENDS) {
            throw new Yaml.Misplaced(value, "a file may extend at most " + MAX_EXTENDS + " others");
          }
        }
        default -> Yaml.list(value).forEach(e -> expectations.addAll(RuleReader.read(e)));
      }
    }
    if (bases.isEmpty() && expectations.isEmpty()) {
      throw new Yaml.Misplaced(root, "write at least one entry under expectations or extends");
    }
    return new Document(name, bases, expectations);
  }

  private static Base base(Node node) {
    String otherwise = "write a mapping with file, or with name and sha256";
    Map<String, Yaml.Member> members =
        Yaml.mapping(node, otherwise, List.of("file", "name", "sha256"));
    Optional<String> file = Optional.ofNullable(members.get("file")).map(m -> Yaml.text(m.value()));
    Optional<String> name =
        Optional.ofNullable(members.get("name"))
            .map(m -> matching(m.value(), NAME, "a name has letters, digits, . - and _"));
    Optional<String> sha256 =
        Optional.ofNullable(members.get("sha256"))
            .map(m -> matching(m.value(), SHA256, "write 64 hexadecimal digits in lower case"));
    if (file.isPresent() == name.isPresent() || (name.isPresent() && sha256.isEmpty())) {
      throw new Yaml.Misplaced(node, otherwise);
    }
    return new Base(file, name, sha256);
  }

  private static String matching(Node node, Pattern pattern, String otherwise) {
    String text = Yaml.text(node);
    if (!pattern.matcher(text).matches()) {
      throw new Yaml.Misplaced(node, otherwise + ", not \"" + Escaped.text(text) + "\"");
    }
    return text;
  }
}
