package io.patina.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.patina.facts.Facet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the schema accepts the reader accepts, and nothing else; the syntax of globs apart. */
class ScopeSchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = document();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(DOCUMENT);

  @Test
  void schemaAndReaderAgree() throws Exception {
    int accepted = 0;
    for (int seed = 0; seed < 1000; seed++) {
      // JSON is YAML.
      String text = JSON.writeValueAsString(scope(new Random(seed)));
      var problems = SCHEMA.validate(JSON.readTree(text));
      String refused = "";
      try {
        ScopeFile.parse(text);
      } catch (InvalidScopeException e) {
        refused = String.valueOf(e.getMessage());
      }
      assertEquals(problems.isEmpty(), refused.isEmpty(), text + "\n" + problems + "\n" + refused);
      accepted += problems.isEmpty() ? 1 : 0;
    }
    assertTrue(accepted > 100 && accepted < 900, accepted + " accepted");
  }

  @Test
  void bothKnowTheSameWords() {
    JsonNode properties = DOCUMENT.path("properties");
    assertEquals(
        new TreeSet<>(Arrays.stream(Facet.values()).map(Facet::wireName).toList()),
        words(properties.path("facets").path("items")));
    assertEquals(
        new TreeSet<>(ScopeFile.ATTRIBUTES),
        words(
            properties
                .path("attributes")
                .path("items")
                .path("properties")
                .path("names")
                .path("items")));
    assertEquals(Glob.MAX_PATTERN, DOCUMENT.path("$defs").path("glob").path("maxLength").asInt());
  }

  @Test
  void theDefaultScopeIsOne() throws Exception {
    Scope scope = DefaultScope.get();
    assertTrue(scope.observesPath(ByteString.copyFromUtf8("/usr/bin/env")));
    try (var in = DefaultScope.class.getResourceAsStream("default-scope.yaml")) {
      Object yaml = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
      assertEquals(Set.of(), SCHEMA.validate(JSON.valueToTree(yaml)));
    }
  }

  private static Set<String> words(JsonNode node) {
    Set<String> out = new TreeSet<>();
    node.path("enum").forEach(w -> out.add(w.asText()));
    return out;
  }

  /** A scope in which now and then something is missing, or another thing than it should be. */
  private static Object scope(Random random) {
    if (random.nextInt(100) == 0) {
      return odd(random);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    put(random, out, "name", "a name");
    if (random.nextBoolean()) {
      put(random, out, "facets", list(random, "file", "os", "package", "unit"));
    }
    put(random, out, "include", list(random, "/etc/**", "/usr/bin/*", "/"));
    put(random, out, "exclude", list(random, "/**/*.pyc"));
    put(random, out, "sysctls", list(random, "net.**", "kernel.pid_max"));
    List<Object> rules = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Map<String, Object> rule = new LinkedHashMap<>();
      put(random, rule, "glob", "/**");
      put(random, rule, "names", list(random, "type", "mode", "sha256"));
      put(random, rule, "more", null);
      rules.add(random.nextInt(20) == 0 ? odd(random) : rule);
    }
    put(random, out, "attributes", rules);
    for (String key : List.of("filesystems", "mounts")) {
      if (random.nextInt(4) == 0) {
        Map<String, Object> crossing = new LinkedHashMap<>();
        put(random, crossing, "enter", list(random, "/srv/*", "/mnt"));
        put(random, crossing, "exclude", list(random, "/srv/nfs"));
        put(random, crossing, "include", null);
        put(random, out, key, crossing);
      }
    }
    put(random, out, "surprise", null);
    return out;
  }

  private static void put(
      Random random,
      Map<String, Object> map,
      String key,
      @org.jspecify.annotations.Nullable Object value) {
    int chance = random.nextInt(25);
    if (chance == 0) {
      map.put(key, odd(random));
    } else if (chance > 1 && value != null) {
      map.put(key, value);
    }
  }

  private static List<Object> list(Random random, String... items) {
    List<Object> out = new ArrayList<>();
    for (String item : items) {
      int chance = random.nextInt(20);
      if (chance == 0) {
        out.add(odd(random));
      } else if (chance < 15) {
        out.add(item);
      }
    }
    return out;
  }

  private static Object odd(Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> 5;
      case 1 -> true;
      case 2 -> List.of();
      case 3 -> Map.of();
      case 4 -> "";
      case 5 -> List.of(List.of("/etc"));
      default -> "no such word";
    };
  }

  private static JsonNode document() {
    try (var in = ScopeFile.class.getResourceAsStream("scope.schema.json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new AssertionError("the schema is not beside ScopeFile", e);
    }
  }
}
