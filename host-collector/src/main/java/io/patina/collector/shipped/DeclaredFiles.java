package io.patina.collector.shipped;

import com.google.protobuf.ByteString;
import io.patina.comparison.Expectation;
import io.patina.facts.Facet;
import io.patina.scope.Glob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Where an unowned file is unexpected, and which unowned files belong to a pristine system all the
 * same. The data, with a reason for each, is {@code declared.yaml} beside this class.
 *
 * @param exhaustive trees in which every path should belong to a package
 * @param rules first match decides
 */
public record DeclaredFiles(List<Glob> exhaustive, List<Rule> rules) {

  /** What becomes of a declared file. */
  public enum Keep {
    /** It may change at any time, and be or not be. */
    IGNORED,
    /** Accepted as it is found when the baseline is made; a later change is seen. */
    AS_FOUND
  }

  /** On what a rule depends beyond the path. */
  public enum When {
    ALWAYS,
    /** It is a link to a path that a package owns. */
    LINKS_TO_OWNED,
    /** It is a link to a unit that a package owns and the vendor's presets enable. */
    PRESET_ENABLED
  }

  /** One declaration. */
  public record Rule(Glob glob, Keep keep, When when, String reason) {}

  public DeclaredFiles {
    exhaustive = List.copyOf(exhaustive);
    rules = List.copyOf(rules);
  }

  /** The declarations that come with Patina. */
  public static DeclaredFiles standard() {
    try (InputStream in = DeclaredFiles.class.getResourceAsStream("declared.yaml")) {
      if (in == null) {
        throw new IllegalStateException("declared.yaml is not beside its class");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Parses declarations.
   *
   * @throws IllegalArgumentException saying which declaration is wrong
   */
  public static DeclaredFiles parse(String yaml) {
    Object root =
        new Load(LoadSettings.builder().setLabel("declared files").build()).loadFromString(yaml);
    if (!(root instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("declarations are a mapping of exhaustive and declared");
    }
    List<Glob> exhaustive = strings(map.get("exhaustive")).stream().map(Glob::of).toList();
    List<Rule> rules = new ArrayList<>();
    for (Object entry : list(map.get("declared"))) {
      if (!(entry instanceof Map<?, ?> rule)) {
        throw new IllegalArgumentException("a declaration is a mapping, not " + entry);
      }
      String reason = text(rule.get("reason"), entry);
      Keep keep =
          switch (text(rule.get("keep"), entry)) {
            case "ignored" -> Keep.IGNORED;
            case "as-found" -> Keep.AS_FOUND;
            default -> throw new IllegalArgumentException("keep is ignored or as-found: " + entry);
          };
      Object condition = rule.get("when");
      When when =
          switch (condition == null ? "" : condition.toString()) {
            case "" -> When.ALWAYS;
            case "links-to-owned" -> When.LINKS_TO_OWNED;
            case "preset-enabled" -> When.PRESET_ENABLED;
            default -> throw new IllegalArgumentException("an unknown condition: " + entry);
          };
      if (keep == Keep.IGNORED && when != When.ALWAYS) {
        throw new IllegalArgumentException("what is ignored is ignored always: " + entry);
      }
      for (String path : strings(rule.get("paths"))) {
        rules.add(new Rule(Glob.of(path), keep, when, reason));
      }
    }
    return new DeclaredFiles(exhaustive, rules);
  }

  /** The rule for an unowned path, conditions left to the caller. */
  Optional<Rule> rule(ByteString path) {
    return rules.stream().filter(r -> r.glob().matches(path)).findFirst();
  }

  /** What a comparer has to know of the ignored ones. */
  List<Expectation> expectations() {
    List<Expectation> expectations = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.keep() == Keep.IGNORED) {
        expectations.add(new Expectation.Ignored(keys(rule.glob()), rule.reason()));
      }
    }
    return expectations;
  }

  /** What a comparer has to know of the exhaustive trees. */
  List<Expectation.Keys> exhaustiveKeys() {
    return exhaustive.stream().map(DeclaredFiles::keys).toList();
  }

  private static Expectation.Keys keys(Glob glob) {
    return new Expectation.Keys(Facet.FILE.wireName(), glob);
  }

  private static List<?> list(@org.jspecify.annotations.Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("a list is missing");
  }

  private static List<String> strings(@org.jspecify.annotations.Nullable Object value) {
    return list(value).stream().map(String::valueOf).toList();
  }

  private static String text(@org.jspecify.annotations.Nullable Object value, Object entry) {
    if (value == null || value.toString().isBlank()) {
      throw new IllegalArgumentException("a declaration lacks keep or reason: " + entry);
    }
    return value.toString();
  }
}
