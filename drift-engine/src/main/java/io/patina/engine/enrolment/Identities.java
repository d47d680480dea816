package io.patina.engine.enrolment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.patina.engine.database.Transactions;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads who speaks for which host, and who would like to. */
@Singleton
public class Identities {

  /** Most of a list; who has more looks at the database. */
  public static final int MOST = 500;

  private final Transactions transactions;

  public Identities(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * One life of a host.
   *
   * @param key name of its key: SHA-256 of its SubjectPublicKeyInfo, hexadecimal
   * @param keySince when that key took the place of another; null if it is its first
   * @param admission {@code enrolled}, {@code approved}, {@code pinned} (nobody has approved it),
   *     {@code first-use} or {@code migrated}
   * @param admittedBy a person, or the token; empty if nobody
   * @param replacedBy the host's next life; null if this is its last
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Life(
      String id,
      String host,
      String hostName,
      String key,
      @Nullable Instant keySince,
      Instant firstSeen,
      Instant lastSeen,
      String admission,
      String admittedBy,
      @Nullable Instant admittedAt,
      @Nullable Instant revokedAt,
      @Nullable String revokedBy,
      @Nullable String revokedWhy,
      @Nullable String replacedBy,
      @Nullable Instant replacedAt) {

    static Life from(LivesTable.Row r) {
      return new Life(
          r.id().toString(),
          r.host().toString(),
          r.hostName(),
          r.key(),
          r.keySince(),
          r.firstSeen(),
          r.lastSeen(),
          r.admission(),
          r.admittedBy(),
          r.admittedAt(),
          r.revokedAt(),
          r.revokedBy(),
          r.revokedWhy(),
          r.replacedBy() == null ? null : r.replacedBy().toString(),
          r.replacedAt());
    }
  }

  /**
   * Who knocks and is not let in.
   *
   * @param claimedName what it calls itself; anybody can say anything
   * @param key name of the key that it signs with
   * @param granted a person has let it in: it appears with its next report
   */
  public record Knocking(
      String installation,
      String key,
      String claimedName,
      String reason,
      long reports,
      Instant firstAt,
      Instant lastAt,
      boolean granted) {

    static Knocking from(KnockTable.Row r) {
      return new Knocking(
          r.installation().toString(),
          r.key(),
          r.claimedName(),
          r.reason(),
          r.reports(),
          r.firstAt(),
          r.lastAt(),
          r.granted());
    }
  }

  /** How many wait for a person. */
  public record Waiting(long knocking, long unapproved) {}

  /** The lives of a host, the latest first. */
  public List<Life> lives(UUID host) throws SQLException {
    return transactions.run(c -> LivesTable.of(c, host)).stream().map(Life::from).toList();
  }

  /** Installations that nobody has approved, the latest first, at most {@link #MOST}. */
  public List<Life> unapproved() throws SQLException {
    return transactions.run(c -> LivesTable.pinned(c, MOST)).stream().map(Life::from).toList();
  }

  /** Who knocks, the last heard first, at most {@link #MOST}. */
  public List<Knocking> knocking() throws SQLException {
    return transactions.run(c -> KnockTable.list(c, MOST)).stream().map(Knocking::from).toList();
  }

  public Waiting waiting() throws SQLException {
    return transactions.run(c -> new Waiting(KnockTable.count(c), LivesTable.countPinned(c)));
  }
}
