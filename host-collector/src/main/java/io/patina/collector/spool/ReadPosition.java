package io.patina.collector.spool;

import java.io.IOException;
import java.nio.file.Path;

/** Number of the first record that is not acknowledged. */
final class ReadPosition implements AutoCloseable {
  private final PlacedNumbers number;

  private ReadPosition(PlacedNumbers number) {
    this.number = number;
  }

  /** Reads it; 1 where it is missing or torn, which only means that records are sent twice. */
  static ReadPosition open(Path file) throws IOException {
    return new ReadPosition(PlacedNumbers.open(file, 1));
  }

  long next() {
    return Math.max(1, number.get(0));
  }

  void advance(long to) throws IOException {
    number.write(to);
  }

  @Override
  public void close() throws IOException {
    number.close();
  }
}
