package io.patina.engine.catalogue;

import io.patina.engine.database.Transactions;
import io.patina.engine.state.ManifestTable;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.MalformedBaselineException;
import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import io.patina.policy.InvalidPolicyException;
import io.patina.signing.Envelope;
import io.patina.signing.UntrustedException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Verifies statements, keeps them, and fetches their manifests. Taking one twice is no error. */
@Singleton
public final class BaselineIntake {

  private static final Logger LOG = Logger.getLogger(BaselineIntake.class);

  private final Transactions transactions;
  private final TrustedKeys keys;
  private final Optional<ManifestStore> store;
  private final boolean approveSigned;

  public BaselineIntake(Transactions transactions, TrustedKeys keys, CatalogueConfig config) {
    this.transactions = transactions;
    this.keys = keys;
    this.store = config.store().map(ManifestStore::new);
    this.approveSigned = config.approveSigned();
  }

  /**
   * Takes one envelope from the topic. What is not trusted or no baseline is logged and not kept.
   *
   * @throws SQLException if the database is away; take the envelope again then
   */
  public void take(String envelopeJson) throws SQLException {
    Envelope envelope;
    GoldenBaseline golden;
    Envelope.Verified verified;
    try {
      envelope = Envelope.ofJson(envelopeJson);
      verified = envelope.verify(keys.now(), Envelope.IN_TOTO);
      golden = BaselineStatement.verify(envelope, keys.now());
    } catch (UntrustedException | MalformedBaselineException e) {
      LOG.warnf("baseline refused: %s", e.getMessage());
      return;
    }
    Digest statement = BaselineStatement.digest(envelope);
    Optional<String> unusable = unusable(golden);
    if (unusable.isPresent()) {
      LOG.warnf("baseline refused: %s %s: %s", golden.name(), golden.version(), unusable.get());
      return;
    }
    boolean kept =
        transactions.run(
            connection ->
                BaselineTable.find(connection, statement).isPresent()
                    || BaselineTable.insert(
                        connection,
                        statement,
                        golden,
                        envelope,
                        verified.signer(),
                        BaselineTable.nextRevision(connection)));
    if (!kept) {
      LOG.warnf(
          "baseline refused: %s %s exists with other content", golden.name(), golden.version());
      return;
    }
    fetch(statement, golden.manifest());
  }

  /** Why the policy of a baseline cannot be used, with position and hint. */
  private static Optional<String> unusable(GoldenBaseline golden) {
    try {
      return Policies.compile(golden).isPresent()
          ? Optional.empty()
          : Optional.of("no such policy");
    } catch (InvalidPolicyException e) {
      return Optional.of("its policy, " + e.getMessage());
    }
  }

  /** Asks the store for every manifest that is still missing. */
  public void fetchMissing() throws SQLException {
    for (Digest[] each : transactions.run(BaselineTable::unfetched)) {
      fetch(each[0], each[1]);
    }
  }

  private void fetch(Digest statement, Digest manifest) throws SQLException {
    Optional<Manifest> found;
    try {
      found = store.isPresent() ? store.get().get(manifest) : Optional.empty();
    } catch (IOException | MalformedManifestException e) {
      problem(statement, "its manifest cannot be read: " + e.getMessage());
      return;
    }
    if (found.isEmpty()
        && !transactions.run(connection -> ManifestTable.holds(connection, manifest))) {
      problem(statement, "its manifest " + manifest + " is in no configured store");
      return;
    }
    transactions.perform(
        connection -> {
          if (found.isPresent()) {
            ManifestTable.insert(connection, found.get());
          }
          settle(connection, statement, manifest);
        });
  }

  private void settle(java.sql.Connection connection, Digest statement, Digest manifest)
      throws SQLException {
    Optional<BaselineTable.Known> known = BaselineTable.find(connection, statement);
    if (known.isEmpty()) {
      return;
    }
    if (!known.get().fetched()) {
      BaselineTable.fetched(
          connection,
          statement,
          ManifestTable.entries(connection, manifest),
          BaselineTable.nextRevision(connection));
    }
    if (approveSigned && known.get().state().equals("draft")) {
      long revision = BaselineTable.nextRevision(connection);
      if (BaselineTable.activate(connection, statement, "signature", revision)) {
        LOG.infof("baseline approved: %s revision=%d", statement, revision);
      }
    }
  }

  private void problem(Digest statement, String text) throws SQLException {
    if (transactions.run(connection -> BaselineTable.problem(connection, statement, text))) {
      LOG.warnf("baseline %s: %s", statement, text);
    }
  }
}
