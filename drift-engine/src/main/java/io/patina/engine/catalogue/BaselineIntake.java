package io.patina.engine.catalogue;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.SqlFailure;
import io.patina.engine.database.Transactions;
import io.patina.engine.life.Decisions;
import io.patina.engine.life.Life;
import io.patina.engine.state.ImageIdentity;
import io.patina.engine.state.ManifestTable;
import io.patina.engine.stores.ManifestStores;
import io.patina.facts.Escaped;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.MalformedBaselineException;
import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.policy.InvalidPolicyException;
import io.patina.signing.Envelope;
import io.patina.signing.PublicKey;
import io.patina.signing.TrustRoots;
import io.patina.signing.UntrustedException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
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
  private final ManifestStores stores;
  private final StoredSignatures signatures;
  private final SetAside setAside = new SetAside();
  private final boolean approveSigned;

  public BaselineIntake(Transactions transactions, TrustedKeys keys, CatalogueConfig config) {
    this.transactions = transactions;
    this.keys = keys;
    this.signatures = new StoredSignatures(keys);
    this.stores = ManifestStores.of(config.store(), config.storeUrls(), config.storeTokenFile());
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
    boolean unused = isTaken(envelopeJson);
  }

  private boolean isTaken(String envelopeJson) throws SQLException {
    if (take(envelopeJson, Optional.empty()) instanceof Refused(String reason)) {
      LOG.warnf("baseline refused: %s", reason);
      return false;
    }
    return true;
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
    Digest statement;
    try {
      envelope = Envelope.ofJson(envelopeJson);
      statement = BaselineStatement.digest(envelope);
      TrustRoots roots;
      try {
        roots = by.isPresent() ? keys.now() : rootsFor(statement, envelope);
        verified = envelope.verify(roots, Envelope.IN_TOTO);
      } catch (UntrustedException e) {
        if (by.isEmpty()) {
          setAside.put(statement, envelopeJson);
        }
        throw e;
      }
      golden = BaselineStatement.verify(envelope, roots);
    } catch (UntrustedException | MalformedBaselineException e) {
      return new Refused(String.valueOf(e.getMessage()));
    }
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
                if (by.isPresent()) {
                  Decisions.handedIn(connection, statement, envelopeJson, by.get());
                }
              }
              return true;
            });
    if (!kept) {
      return new Refused(named + " exists with other content");
    }
    fetch(statement, golden.manifest(), ManifestStores.Reach.DIRECTORY);
    return new Kept(golden.name(), golden.version());
  }

  /** What was approved in time stays in force when its key expires; a revoked one never counts. */
  private TrustRoots rootsFor(Digest statement, Envelope envelope)
      throws SQLException, UntrustedException, MalformedBaselineException {
    TrustRoots now = keys.now();
    Optional<Decisions.Approval> approval = transactions.run(c -> Decisions.approval(c, statement));
    if (approval.isEmpty()) {
      return now;
    }
    TrustRoots then = now.at(approval.get().at());
    String author = BaselineStatement.verify(envelope, then).author();
    return approval.get().isAnothersThan(author) ? then : now;
  }

  /**
   * Takes one decision from its topic.
   *
   * @throws SQLException if the database is away; take it again then
   */
  public void decided(byte[] json) throws SQLException {
    Optional<Digest> statement;
    try {
      // No lambda throws both.
      statement =
          transactions.run(
              c -> {
                try {
                  return Decisions.told(c, json);
                } catch (IOException | IllegalArgumentException e) {
                  LOG.warnf("decision refused: %s", Escaped.text(String.valueOf(e.getMessage())));
                  return Optional.empty();
                }
              });
    } catch (SQLException e) {
      if (SqlFailure.isData(e)) {
        LOG.errorf("decision refused: the database cannot keep it: %s", e.getMessage());
        return;
      }
      throw e;
    }
    if (statement.isPresent()) {
      Optional<String> envelope = setAside.find(statement.get());
      if (envelope.isPresent() && isTaken(envelope.get())) {
        setAside.remove(statement.get());
      }
      transactions.perform(c -> restore(c, statement.get()));
    }
  }

  private static void restore(Connection connection, Digest statement) throws SQLException {
    switch (Decisions.restore(connection, statement)) {
      case Decisions.Restoration r -> {
        LOG.infof(
            "baseline restored: name=%s version=%s stage=%s",
            Escaped.text(r.name()), Escaped.text(r.version()), r.stage().wireName());
        for (Digest waiting : Decisions.waiting(connection, r.name())) {
          restore(connection, waiting);
        }
      }
      case Decisions.Misnamed m ->
          LOG.warnf(
              "baseline not restored: name=%s version=%s: its decision names another",
              Escaped.text(m.name()), Escaped.text(m.version()));
      case Decisions.OwnWork o ->
          LOG.warnf(
              "baseline not restored: name=%s version=%s: nobody but its author approved it",
              Escaped.text(o.name()), Escaped.text(o.version()));
      case Decisions.NothingNew n -> {}
    }
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

  /** Asks the stores for every manifest that is still missing. */
  public void fetchMissing() throws SQLException {
    for (Digest[] each : transactions.run(BaselineTable::unfetched)) {
      fetch(each[0], each[1], ManifestStores.Reach.ALL);
    }
    // Taken in by a version that did not look at images.
    for (Digest[] each : transactions.run(BaselineTable::unpictured)) {
      transactions.perform(
          connection -> {
            if (picture(connection, each[0], each[1])) {
              var unused = BaselineTable.nextRevision(connection);
            }
          });
    }
  }

  /** Notes of which image a baseline is; says whether it is of one. */
  private static boolean picture(java.sql.Connection connection, Digest statement, Digest manifest)
      throws SQLException {
    String image =
        ManifestTable.read(connection, manifest)
            .map(r -> ImageIdentity.of(r.manifest()::find))
            .orElse("");
    BaselineTable.image(connection, statement, image);
    return !image.isEmpty();
  }

  private void fetch(Digest statement, Digest manifest, ManifestStores.Reach reach)
      throws SQLException {
    Optional<Manifest> found;
    try {
      found = stores.get(manifest, reach);
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

  private void settle(Connection connection, Digest statement, Digest manifest)
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
      var unused = picture(connection, statement, manifest);
    }
    restore(connection, statement);
    boolean draft =
        BaselineTable.find(connection, statement).map(k -> k.state().equals("draft")).orElse(false);
    // One that was taken in for an approval of then does not count for one of now.
    if (approveSigned && draft && signatures.refused(connection, statement, true).isEmpty()) {
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
