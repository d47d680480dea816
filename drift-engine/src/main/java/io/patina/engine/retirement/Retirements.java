package io.patina.engine.retirement;

import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.Transactions;
import io.patina.engine.decisions.DecisionTable;
import io.patina.engine.decisions.Keeping;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Takes down which hosts are over, and reads which are. */
@Singleton
public class Retirements {

  /** Most hosts that are retired at once. */
  public static final int MOST = 1000;

  private static final String RETIRED =
      """
      select h.id, h.name, h.pool, h.retired_at, r.retired_by, r.reason
      from host h left join lateral (select * from retirement r
        where r.host = h.id and r.applied_at = h.retired_at
        order by r.retired_at desc limit 1) r on true
      where h.retired_at is not null
        -- One that became a life of another host is none.
        and exists (select from installation i where i.host = h.id)
      """;

  private final Transactions transactions;
  private final Clock clock;

  public Retirements(Transactions transactions, Clock clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Retires hosts, within seconds. Those that are retired stay so.
   *
   * @return how many lives of hosts end with it
   * @throws ProblemException 404 if one of them is not known; then none is retired
   */
  public int retire(Set<UUID> hosts, String reason, By by) throws SQLException {
    Instant now = clock.instant();
    return transactions.run(
        c -> {
          long revision = DecisionTable.next(c);
          Set<UUID> unknown = new HashSet<>(hosts);
          RetirementTable.known(c, hosts).forEach(unknown::remove);
          if (!unknown.isEmpty()) {
            throw new ProblemException(
                Problem.notFound("No host has the id " + unknown.iterator().next() + "."));
          }
          List<Retirement> retirements = new ArrayList<>();
          for (UUID[] life : RetirementTable.lives(c, hosts)) {
            retirements.add(
                new Retirement(UUID.randomUUID(), life[0], life[1], reason, by.subject(), now));
          }
          RetirementTable.insert(c, retirements, revision);
          Set<UUID> kept = new HashSet<>();
          for (Retirement r : retirements) {
            if (kept.add(r.host())) {
              Keeping.append(
                  c,
                  new Decision(by, "host.retired", "host " + r.host(), reason, Map.of()),
                  r.host(),
                  now);
            }
          }
          return retirements.size();
        });
  }

  /** Hosts that are retired, the last one first. */
  public List<RetiredHost> list(int most) throws SQLException {
    return transactions.run(
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(RETIRED + " order by h.retired_at desc, h.id limit ?")) {
            s.setInt(1, most);
            return rows(s);
          }
        });
  }

  /** One of them; empty if it is not retired. */
  public Optional<RetiredHost> find(UUID host) throws SQLException {
    return transactions.run(
        c -> {
          try (PreparedStatement s = c.prepareStatement(RETIRED + " and h.id = ?")) {
            s.setObject(1, host);
            return rows(s).stream().findFirst();
          }
        });
  }

  private static List<RetiredHost> rows(PreparedStatement s) throws SQLException {
    List<RetiredHost> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        found.add(
            new RetiredHost(
                r.getString(1),
                r.getString(2),
                r.getString(3),
                r.getTimestamp(4).toInstant(),
                r.getString(5),
                r.getString(6)));
      }
    }
    return found;
  }
}
