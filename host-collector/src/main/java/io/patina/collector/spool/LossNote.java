package io.patina.collector.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The loss that the engine has not been told of, on disk, until the broker has the snapshot that
 * tells. Survives what the loss itself came from: a full disk, a dropped spool, a kill.
 */
final class LossNote implements AutoCloseable {
  private static final int SINCE = 0;
  private static final int REPORTS = 1;

  /** Number of the record that tells; 0 if none does yet. */
  private static final int TOLD_BY = 2;

  private final PlacedNumbers numbers;

  private LossNote(PlacedNumbers numbers) {
    this.numbers = numbers;
  }

  static LossNote open(Path file) throws IOException {
    return new LossNote(PlacedNumbers.open(file, 0, 0, 0));
  }

  private Optional<Loss> noted() {
    return numbers.get(REPORTS) == 0
        ? Optional.empty()
        : Optional.of(new Loss(numbers.get(SINCE), numbers.get(REPORTS)));
  }

  /** The loss that no record in the spool tells. */
  Optional<Loss> untold() {
    return numbers.get(TOLD_BY) == 0 ? noted() : Optional.empty();
  }

  /**
   * More was lost. What an earlier record tells is over if it was acknowledged; otherwise that
   * record may be among the lost ones.
   */
  void add(Loss loss, long acknowledged) throws IOException {
    boolean arrived = numbers.get(TOLD_BY) != 0 && numbers.get(TOLD_BY) <= acknowledged;
    Loss all = arrived ? loss : noted().map(loss::and).orElse(loss);
    numbers.write(all.sinceMillis(), all.reports(), 0);
    numbers.force();
  }

  /** This record, which is in the spool, tells it. */
  void toldBy(long record) throws IOException {
    numbers.write(numbers.get(SINCE), numbers.get(REPORTS), record);
  }

  @Override
  public void close() throws IOException {
    numbers.close();
  }
}
