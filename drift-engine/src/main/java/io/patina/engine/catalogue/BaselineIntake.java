package io.patina.engine.catalogue;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.Transactions;
import io.patina.engine.life.Life;
import io.patina.engine.state.ImageIdentity;
import io.patina.engine.state.ManifestTable;
import io.patina.engine.state.Reference;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.MalformedBaselineException;
import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import io.patina.policy.InvalidPolicyException;
import io.patina.signing.Envelope;
import io.patina.signing.PublicKey;
import io.patina.signing.UntrustedException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
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

  /** How it ended. */
  public sealed interface Taken {}

  /** It is in the catalogue, now or since before. */
  public record Kept(String name, String version) implements Taken {}

  /** It is not, and why. */
  public record Refused(String reason) implements Taken {}

  /**
   * Takes one envelope from the topic. What is not trusted or no baseline is logged and not kept.
   *
   * @throws SQLException if the database is away; take the envelope again then
   */
  public void take(String envelopeJson) throws SQLException {
    if (take(envelopeJson, Optional.empty()) instanceof Refused(String reason)) {
      LOG.warnf("baseline refused: %s", reason);
    }
  }

  /**
   * Takes one envelope.
   *
   * @param by who hands it in, as authenticated; empty if the topic brings it
   */
  public Taken take(String envelopeJson, Optional<By> by) throws SQLException {
    Envelope envelope;
    GoldenBaseline golden;
    Envelope.Verified verified;
    try {
      envelope = Envelope.ofJson(envelopeJson);
      verified = envelope.verify(keys.now(), Envelope.IN_TOTO);
      golden = BaselineStatement.verify(envelope, keys.now());
    } catch (UntrustedException | MalformedBaselineException e) {
      return new Refused(String.valueOf(e.getMessage()));
    }
    Digest statement = BaselineStatement.digest(envelope);
    String named = golden.name() + " " + golden.version();
    Optional<String> unusable = unusable(golden);
    if (unusable.isPresent()) {
      return new Refused(named + ": " + unusable.get());
    }
    PublicKey signer = verified.signer();
    boolean kept =
        transactions.run(
            connection -> {
              boolean known = BaselineTable.find(connection, statement).isPresent();
              if (!known
                  && !BaselineTable.insert(
                      connection,
                      statement,
                      golden,
                      envelope,
                      signer,
                      BaselineTable.nextRevision(connection))) {
                return false;
              }
              if (by.isPresent()) {
                BaselineTable.submitted(connection, statement, by.get().subject());
              }
              if (!known) {
                AuditTable.append(connection, drafted(golden, signer, by));
              }
              return true;
            });
    if (!kept) {
      return new Refused(named + " exists with other content");
    }
    fetch(statement, golden.manifest());
    return new Kept(golden.name(), golden.version());
  }

  private static Decision drafted(GoldenBaseline golden, PublicKey signer, Optional<By> by) {
    return new Decision(
        by.orElse(new By("signature", "signature")),
        "baseline.drafted",
        Life.thing(golden.name(), golden.version()),
        "",
        Map.of("author", golden.author(), "signer", signer.id()));
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

  /**
   * Lets hosts follow a change of the trust roots: what a revoked key signed falls, and what a file
   * that was half written took away comes back. Each replica may do it; a revision costs little.
   */
  public void followTrust() throws SQLException {
    if (keys.haveChanged()) {
      long revision = transactions.run(BaselineTable::nextRevision);
      LOG.infof("trust roots have changed: revision=%d", revision);
    }
  }

  /** Asks the store for every manifest that is still missing. */
  public void fetchMissing() throws SQLException {
    for (Digest[] each : transactions.run(BaselineTable::unfetched)) {
      fetch(each[0], each[1]);
    }
    // Taken in by a version that did not look at images.
    for (Digest[] each : transactions.run(BaselineTable::unpictured)) {
      transactions.perform(
          connection -> {
            picture(connection, each[0], each[1]);
            var unused = BaselineTable.nextRevision(connection);
          });
    }
  }

  private static void picture(java.sql.Connection connection, Digest statement, Digest manifest)
      throws SQLException {
    Optional<Reference> reference = ManifestTable.read(connection, manifest);
    BaselineTable.image(
        connection, statement, reference.map(r -> ImageIdentity.of(r.manifest()::find)).orElse(""));
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
      picture(connection, statement, manifest);
    }
    if (approveSigned && known.get().state().equals("draft")) {
      switch (Life.bySignature(connection, statement)) {
        case Life.Done done ->
            LOG.infof("baseline approved: %s stage=%s", statement, done.stage().wireName());
        case Life.Ambiguous a ->
            BaselineTable.problem(
                connection,
                statement,
                "hosts could find it and " + String.join(", ", a.rivals()) + " equally for them");
        case Life.Unknown u -> {}
        case Life.Impossible i -> {}
        case Life.ManifestMissing m -> {}
        case Life.OwnWork o -> {}
        // What is rolled out is for people to finish: until then this one is approved.
        case Life.UnderWay u -> {}
        case Life.NothingBefore n -> {}
        case Life.Untrusted u -> {}
      }
    }
  }

  private void problem(Digest statement, String text) throws SQLException {
    if (transactions.run(connection -> BaselineTable.problem(connection, statement, text))) {
      LOG.warnf("baseline %s: %s", statement, text);
    }
  }
}
