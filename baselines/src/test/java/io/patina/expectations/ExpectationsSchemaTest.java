package io.patina.expectations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.patina.facts.Facet;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the schema accepts the reader accepts, and nothing else; globs and patterns apart. */
class ExpectationsSchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = document();
  static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(DOCUMENT);

  private static final List<String> FACETS =
      List.of("file", "package", "kernel", "unit", "mount", "os", "files");
  private static final List<String> ATTRIBUTES =
      List.of(
          "mode",
          "sha256",
          "content",
          "value",
          "versions",
          "header",
          "enablement",
          "fragment",
          "fstype",
          "xattr:user.x",
          "md5");
  private static final List<Object> VALUES =
      List.of(
          "x",
          "0644",
          "aabb",
          7,
          true,
          "${label:x}",
          "a.*",
          List.of("x"),
          List.of("aa", "bb"),
          List.of(),
          List.of(1));

  @Test
  void schemaAndReaderAgree() throws Exception {
    int accepted = 0;
    for (int seed = 0; seed < 6000; seed++) {
      // JSON is YAML.
      String text = JSON.writeValueAsString(document(new Random(seed)));
      var problems = SCHEMA.validate(JSON.readTree(text));
      String refused = "";
      try {
        ExpectationsFile.parse(text);
      } catch (InvalidExpectationsException e) {
        refused = String.valueOf(e.getMessage());
      }
      // Of these the schema does not speak.
      if (refused.contains("twice") || refused.contains("leave one of them away")) {
        continue;
      }
      assertEquals(problems.isEmpty(), refused.isEmpty(), text + "\n" + problems + "\n" + refused);
      accepted += problems.isEmpty() ? 1 : 0;
    }
    assertTrue(accepted > 100 && accepted < 5000, accepted + " accepted");
  }

  @Test
  void theWholeExampleIsValid() throws Exception {
    assertEquals(List.of(), problems(ExpectationsFileTest.WHOLE));
  }

  @Test
  void bothKnowTheSameWords() {
    JsonNode defs = DOCUMENT.path("$defs");
    assertEquals(
        AttributeNames.of(Facet.FILE), words(defs.path("fileAttribute").path("anyOf").path(0)));
    assertEquals(AttributeNames.of(Facet.UNIT), words(defs.path("unitAttribute")));
    assertEquals(AttributeNames.of(Facet.MOUNT), words(defs.path("mountAttribute")));
    assertEquals(AttributeNames.of(Facet.PACKAGE), words(defs.path("packageAttribute")));
    assertEquals(AttributeNames.of(Facet.KERNEL), words(defs.path("value")));
    assertEquals(AttributeNames.of(Facet.OS), words(defs.path("value")));
  }

  static List<String> problems(String yaml) throws IOException {
    Object loaded = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return SCHEMA.validate(JSON.readTree(JSON.writeValueAsString(loaded))).stream()
        .map(Object::toString)
        .toList();
  }

  private static Map<String, Object> document(Random random) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (random.nextInt(6) == 0) {
      out.put(random.nextInt(4) == 0 ? "nam" : "name", random.nextInt(4) == 0 ? "a b" : "a");
    }
    if (random.nextInt(6) == 0) {
      Map<String, Object> base = new LinkedHashMap<>();
      if (random.nextBoolean()) {
        base.put("file", "x.yaml");
      }
      if (random.nextBoolean()) {
        base.put("name", "x");
      }
      if (random.nextBoolean()) {
        base.put("sha256", "0".repeat(random.nextInt(4) == 0 ? 63 : 64));
      }
      out.put("extends", List.of(base));
    }
    List<Object> entries = new ArrayList<>();
    for (int i = random.nextInt(12) == 0 ? 0 : 1; i > 0; i--) {
      entries.add(entry(random));
    }
    out.put("expectations", entries);
    return out;
  }

  private static Map<String, Object> entry(Random random) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("facet", one(random, FACETS));
    out.put("glob", random.nextInt(10) == 0 ? "x" : "/x");
    for (String word : List.of("exactly", "oneOf", "matches", "atLeast")) {
      if (random.nextInt(3) == 0) {
        out.put(
            word,
            random.nextInt(3) == 0
                ? one(random, VALUES)
                : Map.of(one(random, ATTRIBUTES), one(random, VALUES)));
      }
    }
    if (random.nextInt(8) == 0) {
      out.put("absent", random.nextInt(6) != 0);
    }
    if (random.nextInt(8) == 0) {
      out.put("ignored", random.nextBoolean() ? true : List.of(one(random, ATTRIBUTES)));
    }
    if (random.nextInt(8) == 0) {
      out.put("optional", random.nextInt(6) != 0);
    }
    if (random.nextInt(12) != 0) {
      out.put("reason", random.nextInt(12) == 0 ? " " : "why");
    }
    return out;
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static Set<String> words(JsonNode node) {
    Set<String> words = new TreeSet<>();
    node.path("enum").forEach(w -> words.add(w.asText()));
    return words;
  }

  private static JsonNode document() {
    try (InputStream in = ExpectationsFile.class.getResourceAsStream("expectations.schema.json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
