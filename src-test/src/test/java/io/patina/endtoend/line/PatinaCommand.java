package io.patina.endtoend.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Patina's command line as its users have it, each command in a process of its own. */
public final class PatinaCommand {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestLine line;

  PatinaCommand(TestLine line) {
    this.line = line;
  }

  /**
   * How a command ended.
   *
   * @param output what it answered
   * @param errors what it complained about
   */
  public record Ended(List<String> command, int code, String output, String errors) {
    public JsonNode json() throws IOException {
      return JSON.readTree(output);
    }

    /**
     * The same, if it ended so.
     *
     * @throws AssertionError if it did not, with all that it said
     */
    public Ended with(int expected) {
      if (code != expected) {
        throw new AssertionError("ended with " + code + " instead of " + expected + ": " + this);
      }
      return this;
    }
  }

  /** Runs a command to its end. */
  public Ended run(String... words) throws IOException, InterruptedException {
    List<String> command = line.parts().collectorCommand(Path.of("unused"));
    command = new ArrayList<>(command.subList(0, command.indexOf("collect")));
    // As the launcher does: the compiler of policies is not among the collector's libraries.
    int classPath = command.indexOf("-cp") + 1;
    String more = ":" + TestLine.checkout().resolve("baselines/target/lib") + "/*";
    command.set(classPath, command.get(classPath) + more);
    command.addAll(Arrays.asList(words));
    Path errors = Files.createTempFile(line.scratch(), "command", ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(errors.toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return new Ended(List.of(words), code, output, Files.readString(errors));
  }

  /**
   * Runs a command that asks the line's engine.
   *
   * @param tokenFile whose bearer token it is asked with
   */
  public Ended ask(Path tokenFile, String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--server", line.parts().page().toString()));
    all.addAll(List.of("--token-file", tokenFile.toString()));
    return run(all.toArray(String[]::new));
  }
}
