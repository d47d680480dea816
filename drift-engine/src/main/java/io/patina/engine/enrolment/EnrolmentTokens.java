package io.patina.engine.enrolment;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.Transactions;
import io.patina.wire.EnrolmentToken;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes and revokes enrolment tokens. */
@Singleton
public final class EnrolmentTokens {

  private final Transactions transactions;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public EnrolmentTokens(Transactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * What a token is to be.
   *
   * @param host it lets in a life of this host; empty if of another or any
   * @param hostName likewise by name, of a host that may not be there yet; null if of any
   * @param uses how many installations it lets in, at least 1
   */
  public record Wish(
      Optional<UUID> host,
      @Nullable String hostName,
      Place place,
      int uses,
      Duration life,
      String note) {}

  /** A new token: the only time that its text is known. */
  public record Made(String text, EnrolmentTokenTable.Row row) {
    public UUID id() {
      return row.id();
    }
  }

  /**
   * Makes one.
   *
   * @return empty if the host that it is for is not known
   */
  public Optional<Made> make(Wish wish, By by) throws SQLException {
    EnrolmentToken token = EnrolmentToken.generate(random);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    EnrolmentTokenTable.Row row =
        new EnrolmentTokenTable.Row(
            UUID.randomUUID(),
            wish.note(),
            wish.host(),
            wish.hostName(),
            wish.place(),
            wish.uses(),
            0,
            by.subject(),
            now,
            now.plus(wish.life()),
            null,
            null);
    boolean made =
        transactions.run(
            c -> {
              if (wish.host().isPresent() && HostTable.find(c, wish.host().get()).isEmpty()) {
                return false;
              }
              EnrolmentTokenTable.insert(c, row, token.publicKey().raw());
              AuditTable.append(c, decision("enrolment-token.made", row, by));
              return true;
            });
    return made ? Optional.of(new Made(token.text(), row)) : Optional.empty();
  }

  List<EnrolmentTokenTable.Row> list() throws SQLException {
    return transactions.run(EnrolmentTokenTable::list);
  }

  /**
   * Revokes a token; twice is no error. Whom it has let in stays.
   *
   * @return false if there is none of that id
   */
  public boolean revoke(UUID id, By by) throws SQLException {
    return transactions.run(
        c -> {
          var revoked = EnrolmentTokenTable.revoke(c, id, by.subject());
          if (revoked.isPresent()) {
            AuditTable.append(c, decision("enrolment-token.revoked", revoked.get(), by));
            return true;
          }
          return EnrolmentTokenTable.exists(c, id);
        });
  }

  private static Decision decision(String action, EnrolmentTokenTable.Row row, By by) {
    Map<String, String> data = new TreeMap<>();
    row.host().ifPresent(h -> data.put("host", h.toString()));
    put(data, "hostName", row.hostName());
    put(data, "pool", row.place().pool());
    data.put("labels", row.place().json());
    data.put("uses", String.valueOf(row.uses()));
    data.put("expiresAt", row.expiresAt().toString());
    return new Decision(by, action, "enrolment token " + row.id(), row.note(), data);
  }

  private static void put(Map<String, String> data, String name, @Nullable String value) {
    if (value != null) {
      data.put(name, value);
    }
  }
}
