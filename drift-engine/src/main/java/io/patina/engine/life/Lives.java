package io.patina.engine.life;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.Entry;
import io.patina.engine.database.Transactions;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the lives of baselines. */
@Singleton
public class Lives {

  private static final int MOST = 500;

  private final Transactions transactions;

  Lives(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A baseline's life.
   *
   * @param state {@code draft}, {@code approved}, {@code rolling-out}, {@code active}, {@code
   *     superseded} or {@code retired}
   * @param possible what can be done with it: the last part of an address each
   * @param precedence the higher goes first where several select a host
   * @param history oldest first, the latest 500
   */
  public record View(
      String name,
      String version,
      String state,
      List<String> possible,
      int precedence,
      List<Entry> history) {}

  /** The life of one; empty if there is none of that name and version. */
  public Optional<View> of(String name, String version) throws SQLException {
    return transactions.run(
        c -> {
          Optional<LifeTable.Row> row = LifeTable.find(c, name, version);
          if (row.isEmpty()) {
            return Optional.empty();
          }
          Stage stage = row.get().stage();
          return Optional.of(
              new View(
                  name,
                  version,
                  stage.wireName(),
                  stage.possible().stream().map(Step::address).toList(),
                  row.get().claim().precedence(),
                  AuditTable.of(c, Life.thing(name, version), MOST)));
        });
  }

  /** What is possible from a stage, in words. */
  static String possible(Stage stage) {
    return stage.possible().isEmpty()
        ? "Nothing leads on from there."
        : "What is possible now: "
            + stage.possible().stream().map(Step::address).collect(Collectors.joining(", "))
            + ".";
  }
}
