package io.patina.engine.pages;

import io.patina.engine.fleet.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Hosts as a field of dots, one dot per host as long as that can be read, worst first. Each verdict
 * is at most three rectangles filled with a pattern, so that ten thousand dots cost a page no more
 * than ten.
 *
 * @param per hosts that one dot stands for
 * @param width of the drawing, 10 units a dot
 * @param shownWidth in CSS pixels, at most
 */
record DotMap(
    long per, int width, int height, int shownWidth, int shownHeight, List<Block> blocks) {

  private static final int CELL = 10;
  private static final int LARGEST_DOT = 13;

  /** Worst first, so that what matters is at the top left in every pool. */
  static final List<String> ORDER =
      List.of("artisanal", "drifting", "unobserved", "unbaselined", "updating", "conforming");

  /** The dots of one verdict. */
  record Block(String verdict, String title, List<Row> rows) {}

  /** A rectangle of whole dots. */
  record Row(int x, int y, int width, int height) {}

  /**
   * Places hosts.
   *
   * @param verdicts hosts by verdict
   * @param most dots at most
   * @param narrowest dots in a row at least
   * @param widest dots in a row at most
   */
  static DotMap of(Map<String, Long> verdicts, int most, int narrowest, int widest) {
    long hosts = verdicts.values().stream().mapToLong(Long::longValue).sum();
    // Every verdict has at least one dot: up to as many more than a division would give.
    long per = Math.max(1, Math.ceilDiv(hosts, most - Requests.VERDICTS.size()));
    List<String> present = ORDER.stream().filter(v -> verdicts.getOrDefault(v, 0L) > 0).toList();
    long dots =
        present.stream().mapToLong(v -> Math.ceilDiv(verdicts.getOrDefault(v, 0L), per)).sum();
    int columns =
        Math.clamp((long) Math.ceil(Math.sqrt(dots * (double) widest / 24)), narrowest, widest);
    List<Block> blocks = new ArrayList<>();
    int next = 0;
    for (String verdict : present) {
      long n = verdicts.getOrDefault(verdict, 0L);
      int cells = Math.toIntExact(Math.ceilDiv(n, per));
      blocks.add(
          new Block(
              verdict,
              Words.counted(n, "host", "hosts") + " " + verdict,
              rows(next, cells, columns)));
      next += cells;
    }
    int lines = Math.max(1, Math.ceilDiv(next, columns));
    return new DotMap(
        per,
        columns * CELL,
        lines * CELL,
        columns * LARGEST_DOT,
        lines * LARGEST_DOT,
        List.copyOf(blocks));
  }

  /** Cells {@code from} to {@code from + cells} in reading order: a tail, full rows, a head. */
  private static List<Row> rows(int from, int cells, int columns) {
    List<Row> rows = new ArrayList<>();
    int at = from;
    int left = cells;
    int column = at % columns;
    if (column > 0 && left > 0) {
      int n = Math.min(left, columns - column);
      rows.add(cellsAt(column, at / columns, n, 1));
      at += n;
      left -= n;
    }
    if (left >= columns) {
      int lines = left / columns;
      rows.add(cellsAt(0, at / columns, columns, lines));
      at += lines * columns;
      left -= lines * columns;
    }
    if (left > 0) {
      rows.add(cellsAt(0, at / columns, left, 1));
    }
    return rows;
  }

  private static Row cellsAt(int column, int line, int columns, int lines) {
    return new Row(column * CELL, line * CELL, columns * CELL, lines * CELL);
  }
}
