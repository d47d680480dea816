package io.patina.collector.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs contestants in interleaved rounds. */
public final class Race {
  private static final Pattern TIME = Pattern.compile("(\\d+)m([0-9.]+)s");

  private final List<Contestant> contestants;
  private final String warmUp;
  private final int rounds;

  /**
   * A race.
   *
   * @param warmUp shell command that reads the files once, before every run
   */
  public Race(List<Contestant> contestants, String warmUp, int rounds) {
    this.contestants = List.copyOf(contestants);
    this.warmUp = warmUp;
    this.rounds = rounds;
  }

  /** Runs all; tells what it is about to run. */
  public List<Measurement> run(Consumer<String> about) throws IOException, InterruptedException {
    List<List<Double>> wall = new ArrayList<>();
    List<List<Double>> cpu = new ArrayList<>();
    boolean[] failed = new boolean[contestants.size()];
    contestants.forEach(
        c -> {
          wall.add(new ArrayList<>());
          cpu.add(new ArrayList<>());
        });
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < contestants.size(); i++) {
        // Another one first in every round: whoever follows a heavy one is not always the same.
        int next = (i + round) % contestants.size();
        Contestant contestant = contestants.get(next);
        about.accept("round " + (round + 1) + " of " + rounds + ": " + contestant.name());
        time(warmUp);
        Run run = time(contestant.command());
        wall.get(next).add(run.wall());
        cpu.get(next).add(run.cpu());
        failed[next] |= run.exit() >= 126;
      }
    }
    List<Measurement> out = new ArrayList<>();
    for (int i = 0; i < contestants.size(); i++) {
      out.add(new Measurement(contestants.get(i), wall.get(i), cpu.get(i), failed[i]));
    }
    return out;
  }

  private record Run(double wall, double cpu, int exit) {}

  private static Run time(String command) throws IOException, InterruptedException {
    // "times" of a POSIX shell: second line, user and system time of what it waited for.
    String script = "{ " + command + "\n} >/dev/null 2>&1 </dev/null; code=$?; times; exit $code";
    Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
    long started = System.nanoTime();
    process.getOutputStream().close();
    String times = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    int exit = process.waitFor();
    double wall = (System.nanoTime() - started) / 1e9;
    return new Run(wall, cpu(times), exit);
  }

  static double cpu(String times) {
    String[] lines = times.split("\n", -1);
    double seconds = 0;
    if (lines.length > 1) {
      Matcher matcher = TIME.matcher(lines[1]);
      while (matcher.find()) {
        seconds += Integer.parseInt(matcher.group(1)) * 60 + Double.parseDouble(matcher.group(2));
      }
    }
    return seconds;
  }
}
