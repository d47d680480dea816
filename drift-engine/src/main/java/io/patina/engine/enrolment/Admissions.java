package io.patina.engine.enrolment;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.state.Admittance;
import io.patina.engine.state.Admittance.How;
import io.patina.signing.PublicKey;
import io.patina.wire.EnrolmentToken;
import io.patina.wire.v1.Enrolment;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides about installations that nobody knows. What one shows for itself is looked at even where
 * it would be let in without: a token that does not count is never passed over.
 */
@Singleton
public final class Admissions {

  /** In nanoseconds: who knocks is counted this often at most, for there may be very many. */
  private static final long RECOUNT = 1_000_000_000L;

  private final EnrolmentConfig config;
  private long knocking;
  private long countedAt = System.nanoTime() - 2 * RECOUNT;

  public Admissions(EnrolmentConfig config) {
    this.config = config;
  }

  /**
   * Whether it is let in; if not, it is listed among those that knock. A use of a token counts if
   * this transaction does: of two engines that are shown a token's last use at one time, one waits
   * for the other.
   */
  public Admission admit(Connection connection, Knock knock) throws SQLException {
    Admission answer = answer(connection, knock);
    switch (answer) {
      case Admission.Open open -> KnockTable.forget(connection, knock.installation());
      case Admission.Closed closed -> {
        note(connection, knock, closed.reason());
      }
    }
    return answer;
  }

  /** Lists a known installation whose reports are not taken among those that knock. */
  public void refused(Connection connection, Knock knock, String reason) throws SQLException {
    note(connection, knock, reason);
  }

  /** Where the list is full, who was heard least lately makes room: nobody can keep others off. */
  private synchronized void note(Connection connection, Knock knock, String reason)
      throws SQLException {
    if (KnockTable.again(connection, knock, reason)) {
      return;
    }
    long now = System.nanoTime();
    if (now - countedAt > RECOUNT) {
      knocking = KnockTable.count(connection);
      countedAt = now;
    }
    long over = knocking + 1 - config.mostKnocking();
    if (over > 0) {
      KnockTable.evict(connection, over);
      knocking -= over;
    }
    KnockTable.list(connection, knock, reason);
    knocking++;
  }

  private Admission answer(Connection connection, Knock knock) throws SQLException {
    Optional<GrantTable.Grant> grant =
        GrantTable.take(
            connection, knock.installation(), new PublicKey(knock.publicKey()).id(), knock.at());
    if (grant.isPresent()) {
      Admittance by = new Admittance(How.APPROVED, grant.get().by(), knock.at());
      return grant.get().host().isPresent()
          ? known(connection, grant.get().host().get(), grant.get().place(), by)
          : fresh(grant.get().place(), by);
    }
    if (knock.enrolment().isPresent()) {
      return byToken(connection, knock, knock.enrolment().get());
    }
    if (!knock.introduces()) {
      // Whoever is let in at first use has had its say: a token that it was given counts first.
      Optional<String> before = KnockTable.before(connection, knock);
      return before.isPresent()
          ? new Admission.Closed(before.get())
          : closed("it has not said who it is");
    }
    return switch (config.firstUse()) {
      case REFUSE -> new Admission.Closed("not enrolled: it shows no enrolment token");
      case PIN ->
          new Admission.Open(
              Optional.empty(),
              Place.NO_POOL,
              Map.of(),
              new Admittance(How.PINNED, "", knock.at()));
      case APPROVE ->
          new Admission.Open(
              Optional.empty(),
              Place.DEFAULT_POOL,
              Map.of(),
              new Admittance(How.FIRST_USE, "", knock.at()));
    };
  }

  private static Admission byToken(Connection connection, Knock knock, Enrolment shown)
      throws SQLException {
    if (!EnrolmentToken.verify(shown, knock.id(), new PublicKey(knock.publicKey()))) {
      return closed("the proof was made for another installation or key, or by no token");
    }
    Optional<EnrolmentTokenTable.Row> found =
        EnrolmentTokenTable.find(connection, shown.getToken());
    if (found.isEmpty()) {
      return closed("the token is not known here");
    }
    EnrolmentTokenTable.Row token = found.get();
    Instant revoked = token.revokedAt();
    if (revoked != null) {
      return closed("the token " + token.id() + " was revoked at " + revoked);
    }
    // By the broker's clock: it may have been shown while no engine looked.
    if (!knock.at().isBefore(token.expiresAt())) {
      return closed("the token " + token.id() + " expired at " + token.expiresAt());
    }
    if (token.used() < token.uses()) {
      Optional<UUID> heard =
          HostTable.living(connection, token.host(), token.hostName(), knock.installation());
      if (heard.isPresent()) {
        return closed(
            "its host is still heard, as installation "
                + heard.get()
                + ": once that one has stopped or is silent, the next snapshot counts; or a person"
                + " lets this one in");
      }
    }
    if (!EnrolmentTokenTable.use(connection, token.id())) {
      return closed(
          "the token "
              + token.id()
              + " has let in "
              + token.uses()
              + (token.uses() == 1 ? " installation" : " installations")
              + ", which is all that it was made for");
    }
    Admittance by = new Admittance(How.ENROLLED, "token " + token.id(), knock.at());
    AuditTable.append(
        connection,
        new Decision(
            new By(token.createdBy(), "enrolment-token"),
            "installation.enrolled",
            Decisions.thing(knock.installation()),
            token.note(),
            Map.of("token", token.id().toString(), "key", new PublicKey(knock.publicKey()).id())));
    Optional<UUID> host = token.host();
    if (token.hostName() != null) {
      host =
          Optional.of(
              HostTable.named(
                  connection, token.hostName(), token.place(), knock.installation(), knock.at()));
    }
    return host.isPresent()
        ? known(connection, host.get(), token.place(), by)
        : fresh(token.place(), by);
  }

  private static Admission fresh(Place place, Admittance by) {
    String pool = place.pool();
    return new Admission.Open(
        Optional.empty(), pool == null ? Place.DEFAULT_POOL : pool, place.labels(), by);
  }

  private static Admission known(Connection connection, UUID host, Place place, Admittance by)
      throws SQLException {
    HostTable.Placed placed = HostTable.place(connection, host, place);
    return new Admission.Open(Optional.of(host), placed.pool(), placed.labels(), by);
  }

  /** The lives that a host had before; whoever reads their reports puts an end to them. */
  public void replaceOthers(Connection connection, UUID host, UUID installation, Instant at)
      throws SQLException {
    HostTable.replaceOthers(connection, host, installation, at);
  }

  private static Admission closed(String reason) {
    return new Admission.Closed("not enrolled: " + reason);
  }
}
