package io.patina.collector.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What tools took of memory and CPU, side by side. */
public final class FootprintTable {
  private static final double MEGABYTE = 1e6;

  private FootprintTable() {}

  /**
   * What was seen of one tool.
   *
   * @param atEnd of the first scan
   * @param seconds it took, the tool's start included
   * @param rest empty of a tool that ends
   */
  public record Seen(
      String tool, String command, Footprint atEnd, double seconds, Optional<Rest> rest) {}

  /**
   * A tool that stays, at rest.
   *
   * @param cpuShare of one core, 0 to 1
   */
  public record Rest(Footprint footprint, double cpuShare) {}

  /**
   * Prints the table, and one JSON line per tool.
   *
   * @param files how many were scanned
   */
  public static void print(PrintWriter out, long files, List<Seen> all) throws IOException {
    String form = "%-16s %8s %8s %8s %10s %10s %10s %8s%n";
    out.printf(
        Locale.ROOT,
        form,
        "",
        "s",
        "CPU s",
        "peak MB",
        "then MB",
        "private MB",
        "rest MB",
        "rest CPU");
    for (Seen s : all) {
      out.printf(
          Locale.ROOT,
          form,
          s.tool(),
          "%.1f".formatted(s.seconds()),
          "%.2f".formatted(s.atEnd().cpuSeconds()),
          megabytes(s.atEnd().peak()),
          megabytes(s.atEnd().resident()),
          megabytes(s.atEnd().anonymous()),
          s.rest().map(r -> megabytes(r.footprint().resident())).orElse("-"),
          s.rest().map(r -> "%.2f %%".formatted(r.cpuShare() * 100)).orElse("-"));
    }
    out.println();
    for (Seen s : all) {
      ResultLine line =
          new ResultLine("footprint", s.tool())
              .number("files", files)
              .seconds("seconds", s.seconds())
              .seconds("cpuSeconds", s.atEnd().cpuSeconds())
              .number("peakBytes", s.atEnd().peak())
              .number("residentBytes", s.atEnd().resident())
              .number("privateBytes", s.atEnd().anonymous());
      if (s.rest().isPresent()) {
        Rest rest = s.rest().get();
        line.number("restResidentBytes", rest.footprint().resident())
            .number("restPrivateBytes", rest.footprint().anonymous())
            .number("restCpuMicrosPerSecond", Math.round(rest.cpuShare() * 1e6));
      }
      out.println(line.text("command", s.command()).end());
    }
    out.flush();
  }

  private static String megabytes(long bytes) {
    return "%.1f".formatted(bytes / MEGABYTE);
  }
}
