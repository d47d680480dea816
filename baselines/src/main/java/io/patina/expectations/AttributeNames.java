package io.patina.expectations;

import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.scope.ScopeFile;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** The attributes that a file of expectations may name. */
final class AttributeNames {

  /** Stands for a regular file's text; what is compared is its digest. */
  static final String CONTENT = "content";

  private static final String XATTR = "xattr:";
  private static final Pattern HEX = Pattern.compile("([0-9a-f]{2})+");

  private static final Map<Facet, Set<String>> BY_FACET =
      Map.of(
          Facet.FILE,
          files(),
          Facet.KERNEL,
          Set.of(Attributes.VALUE),
          Facet.OS,
          Set.of(Attributes.VALUE),
          Facet.PACKAGE,
          Set.of("versions", "header", "vendor"),
          Facet.UNIT,
          Set.of(
              "load",
              "active",
              "sub",
              "enablement",
              "preset",
              "fragment",
              "dropins",
              "fragment-path",
              "masked",
              "needs-reload",
              "failed",
              "alias-of"),
          Facet.MOUNT,
          Set.of("fstype", "options", "super-options", "source-kind", "lower", "upper"));

  private AttributeNames() {}

  static Set<String> of(Facet facet) {
    return new TreeSet<>(BY_FACET.getOrDefault(facet, Set.of()));
  }

  /** The attribute meant where none is named. */
  static Optional<String> only(String facet) {
    return switch (facet) {
      case "kernel", "os" -> Optional.of(Attributes.VALUE);
      case "package" -> Optional.of("versions");
      default -> Optional.empty();
    };
  }

  static String example(String facet) {
    return switch (facet) {
      case "unit" -> "enablement";
      case "mount" -> "fstype";
      default -> "mode";
    };
  }

  static void checkFacet(String name, Node where) {
    if (Facet.named(name).isEmpty()) {
      throw new Yaml.Misplaced(
          where,
          "unknown facet \""
              + Escaped.text(name)
              + "\"; known are "
              + String.join(
                  ", ", Arrays.stream(Facet.values()).map(Facet::wireName).sorted().toList()));
    }
  }

  static void check(String facet, String name, Node where) {
    Set<String> known = Facet.named(facet).map(AttributeNames::of).orElse(Set.of());
    boolean extended =
        facet.equals(Facet.FILE.wireName())
            && name.startsWith(XATTR)
            && name.length() > XATTR.length()
            && name.length() <= Attributes.MAX_NAME;
    if (!known.contains(name) && !extended) {
      throw new Yaml.Misplaced(
          where,
          "unknown attribute \""
              + Escaped.text(name)
              + "\" of the facet "
              + facet
              + "; known are "
              + String.join(", ", known));
    }
  }

  static boolean isDigest(String attribute) {
    return Attributes.isBinary(attribute);
  }

  /** A value in hexadecimal, or one with a label in it. */
  static String digest(Node node) {
    String text = Yaml.text(node);
    if (!HEX.matcher(text).matches() && !text.contains("${label:")) {
      throw new Yaml.Misplaced(node, "write it in hexadecimal, lower case");
    }
    return text;
  }

  private static Set<String> files() {
    Set<String> names = new TreeSet<>(ScopeFile.ATTRIBUTES);
    names.remove("xattrs");
    names.add(CONTENT);
    return names;
  }
}
