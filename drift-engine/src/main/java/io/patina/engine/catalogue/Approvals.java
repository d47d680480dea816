package io.patina.engine.catalogue;

import io.patina.engine.database.Transactions;
import io.patina.manifest.Digest;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;

/** Makes drafts active. */
@Singleton
public final class Approvals {

  /** How an approval ended. */
  public enum Outcome {
    APPROVED,
    /** No such statement. */
    UNKNOWN,
    /** It was approved before, or is superseded or retired. */
    NOT_A_DRAFT,
    /** Its manifest is in no configured store yet. */
    MANIFEST_MISSING
  }

  private final Transactions transactions;

  public Approvals(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Approves a draft, which takes the next catalogue revision; hosts follow within seconds.
   *
   * @param by who approves, for people
   */
  public Outcome approve(Digest statement, String by) throws SQLException {
    return transactions.run(
        connection -> {
          Optional<BaselineTable.Known> known = BaselineTable.find(connection, statement);
          if (known.isEmpty()) {
            return Outcome.UNKNOWN;
          }
          if (!known.get().fetched()) {
            return Outcome.MANIFEST_MISSING;
          }
          if (!known.get().state().equals("draft")) {
            return Outcome.NOT_A_DRAFT;
          }
          long revision = BaselineTable.nextRevision(connection);
          return BaselineTable.activate(connection, statement, by, revision)
              ? Outcome.APPROVED
              : Outcome.NOT_A_DRAFT;
        });
  }
}
