package io.patina.collector.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A race over a small tree, with whatever tools this machine has. */
class ScanBenchCommandIT {
  @TempDir Path root;

  @Test
  void everyInstalledToolIsRunAndShowsItsCommand() throws Exception {
    Path tree = Files.createDirectories(root.resolve("usr/with space"));
    Files.writeString(tree.resolve("file"), "content");
    StringWriter out = new StringWriter();
    int exit =
        Patina.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(new StringWriter()))
            .execute("bench", "scan", "--root", root.toString(), "--rounds", "2");
    assertEquals(0, exit);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString().split("\n", -1)) {
      if (line.startsWith("{")) {
        lines.add(new ObjectMapper().readTree(line));
      }
    }
    assertEquals("patina capture", lines.getFirst().path("tool").asText());
    for (JsonNode line : lines) {
      assertTrue(line.path("ran").asBoolean(), line.toString());
      assertEquals(2, line.path("wall").size());
      assertTrue(
          line.path("command").asText().contains("usr")
              || line.path("tool").asText().startsWith("patina")
              || line.path("tool").asText().startsWith("aide"));
    }
  }
}
