package io.patina.stack.line;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.stack.line.LineState.PartState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what runs, since when, with which memory. */
@Command(
    name = "status",
    description = {
      "Says what runs, since when, with which memory.",
      "Exit code 0: everything runs; 3: something or everything does not."
    },
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final int NOT_RUNNING = 3;

  /** How to answer. */
  enum Format {
    text,
    json
  }

  @Mixin private Line.Where where = new Line.Where();

  @Option(names = "--format", paramLabel = "text|json", description = "How to answer (text).")
  private Format format = Format.text;

  /**
   * One part as it is now.
   *
   * @param state one word
   * @param bytes memory; 0 while it does not run
   */
  private record Row(String name, String state, long pid, String since, long bytes) {}

  @Override
  public Integer call() throws IOException {
    DataDirectory data = where.directory();
    Optional<LineState> state = LineState.read(data.run("state.json"));
    Optional<ProcessRecord> supervisor = ProcessRecord.read(data.run("supervisor.pid"));
    boolean supervised = supervisor.isPresent() && supervisor.get().isAlive();
    List<Row> rows = new ArrayList<>();
    if (state.isPresent()) {
      for (PartState part : state.get().parts()) {
        rows.add(row(data, part, supervised));
      }
      rows.add(
          new Row(
              "supervisor",
              supervised ? "running" : "stopped",
              supervised ? supervisor.get().pid() : 0,
              state.get().since(),
              supervised ? ownBytes(supervisor.get(), rows) : 0));
    }
    boolean well =
        supervised && rows.stream().allMatch(row -> row.state().equals("ready") || row.pid() != 0);
    switch (format) {
      case text -> print(data, state, rows);
      case json -> System.out.println(json(data, state, rows, well));
    }
    return well ? 0 : NOT_RUNNING;
  }

  private static Row row(DataDirectory data, PartState part, boolean supervised)
      throws IOException {
    Optional<ProcessRecord> process = ProcessRecord.read(data.run(part.name() + ".pid"));
    boolean alive = process.isPresent() && process.get().isAlive();
    String state = Screen.word(part.step());
    if (!alive && Screen.alive().contains(part.step())) {
      state = "stopped";
    } else if (alive && !supervised) {
      state = "unsupervised";
    }
    return new Row(
        part.name(),
        state,
        alive ? process.get().pid() : 0,
        part.since(),
        alive ? process.get().residentBytes() : 0);
  }

  /** The supervisor's own memory: the parts are its children and have been counted. */
  private static long ownBytes(ProcessRecord supervisor, List<Row> parts) throws IOException {
    return supervisor.residentBytes() - parts.stream().mapToLong(Row::bytes).sum();
  }

  private static void print(DataDirectory data, Optional<LineState> state, List<Row> rows) {
    if (state.isEmpty()) {
      System.out.println("There is no line in " + data.root() + ".");
      return;
    }
    System.out.printf(
        Locale.ROOT, "%-10s %-12s %8s %9s  %s%n", "PART", "STATE", "PID", "MEMORY", "SINCE");
    for (Row row : rows) {
      System.out.printf(
          Locale.ROOT,
          "%-10s %-12s %8s %9s  %s%n",
          row.name(),
          row.state(),
          row.pid() == 0 ? "-" : row.pid(),
          row.bytes() == 0 ? "-" : (row.bytes() >> 20) + " MiB",
          row.since());
    }
    System.out.println();
    System.out.println("Page  " + state.get().page());
    System.out.println("Data  " + data.root());
    System.out.println("Logs  " + data.logs());
  }

  private static String json(
      DataDirectory data, Optional<LineState> state, List<Row> rows, boolean well)
      throws IOException {
    JsonMapper mapper = new JsonMapper();
    ObjectNode answer = mapper.createObjectNode();
    answer.put("running", well);
    answer.put("data", data.root().toString());
    answer.put("logs", data.logs().toString());
    answer.put("page", state.map(LineState::page).orElse(null));
    ArrayNode parts = answer.putArray("parts");
    for (Row row : rows) {
      ObjectNode part = parts.addObject();
      part.put("name", row.name());
      part.put("state", row.state());
      if (row.pid() != 0) {
        part.put("pid", row.pid());
        part.put("memoryBytes", row.bytes());
      }
      part.put("since", row.since());
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
  }
}
