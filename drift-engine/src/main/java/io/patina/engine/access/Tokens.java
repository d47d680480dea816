package io.patina.engine.access;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.Transactions;
import io.patina.manifest.Digest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Makes, knows and revokes bearer tokens. Nothing is cached: a revocation counts at once. */
@Singleton
public final class Tokens {

  /**
   * How each begins, so that a leaked one is recognised and an identity provider's is not asked.
   */
  static final String PREFIX = "patina_";

  private static final int RANDOM_BYTES = 32;

  private final Transactions transactions;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  @Inject
  public Tokens(Transactions transactions) {
    this(transactions, Clock.systemUTC());
  }

  Tokens(Transactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** A new token: the only time that its text is known. */
  record Made(String text, TokenTable.Row row) {}

  /** What a token's text says of who gave it. */
  sealed interface Known {}

  record Valid(Caller caller) implements Known {}

  /** Why it does not count, for its holder. */
  record Invalid(String reason) implements Known {}

  Made make(String subject, Set<Role> roles, String note, Duration life, Caller by)
      throws SQLException {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<String> names = EnumSet.copyOf(roles).stream().map(Role::wireName).toList();
    TokenTable.Row row =
        new TokenTable.Row(
            UUID.randomUUID(), subject, names, note, by.subject(), now, now.plus(life), null, null);
    transactions.perform(
        c -> {
          TokenTable.insert(c, row, digest(text));
          AuditTable.append(c, decision("token.made", row, by));
        });
    return new Made(text, row);
  }

  Known know(String text) throws SQLException {
    return transactions
        .run(c -> TokenTable.find(c, digest(text)))
        .<Known>map(
            row -> {
              if (row.revokedAt() != null) {
                return new Invalid("This token was revoked.");
              }
              if (!clock.instant().isBefore(row.expiresAt())) {
                return new Invalid("This token expired at " + row.expiresAt() + ".");
              }
              Set<Role> roles = EnumSet.noneOf(Role.class);
              row.roles().forEach(r -> Role.named(r).ifPresent(roles::add));
              return new Valid(new Caller(row.subject(), Caller.Means.TOKEN, roles));
            })
        .orElse(new Invalid("That is not the token."));
  }

  List<TokenTable.Row> list() throws SQLException {
    return transactions.run(TokenTable::list);
  }

  /**
   * Revokes a token; twice is no error.
   *
   * @return false if there is none of that id
   */
  boolean revoke(UUID id, Caller by) throws SQLException {
    return transactions.run(
        c -> {
          var revoked = TokenTable.revoke(c, id, by.subject());
          if (revoked.isPresent()) {
            AuditTable.append(c, decision("token.revoked", revoked.get(), by));
            return true;
          }
          return TokenTable.exists(c, id);
        });
  }

  private static Decision decision(String action, TokenTable.Row row, Caller by) {
    return new Decision(
        by.decider(),
        action,
        "token " + row.id(),
        row.note(),
        Map.of("subject", row.subject(), "roles", String.join(" ", row.roles())));
  }

  private static byte[] digest(String text) {
    return Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }
}
