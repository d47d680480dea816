package io.patina.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what users ask for names tests that exist. */
class AskedForTest {
  private static final Pattern NAMED =
      Pattern.compile("`([A-Z][A-Za-z]+(?:Test|IT))\\.([A-Za-z]+)`");

  @Test
  void everyTestThatTheTableNamesIsThere() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String tests : List.of("src/test/java", "../src-test/src/test/java")) {
      try (Stream<Path> all = Files.walk(Path.of(tests))) {
        for (Path file : all.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString();
          sources.merge(
              name.substring(0, name.length() - ".java".length()),
              Files.readString(file),
              String::concat);
        }
      }
    }
    List<String> missing = new ArrayList<>();
    int rows = 0;
    for (String line : Files.readAllLines(Path.of("../docs/asked-for.md"))) {
      Matcher m = NAMED.matcher(line);
      int named = 0;
      while (m.find()) {
        named++;
        String source = sources.getOrDefault(m.group(1), "");
        if (!source.contains("void " + m.group(2) + "(")) {
          missing.add(m.group());
        }
      }
      boolean row = line.startsWith("| ") && !line.startsWith("| they ask");
      rows += row ? 1 : 0;
      assertTrue(!row || named > 0, () -> "no test in: " + line);
    }
    assertEquals(List.of(), missing);
    assertTrue(rows >= 12, rows + " rows");
  }
}
