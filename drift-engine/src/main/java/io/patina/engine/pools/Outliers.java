package io.patina.engine.pools;

import io.patina.engine.database.Transactions;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.engine.state.Facts;
import io.patina.engine.state.Installation;
import io.patina.engine.state.InstallationTable;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.OverlayTable;
import io.patina.engine.state.Reference;
import io.patina.engine.state.Since;
import io.patina.engine.state.StateConfig;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.promotion.Promotion;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** Compares hosts that no baseline selects with each other: nothing says what they should be. */
@Singleton
public class Outliers {

  /** Hosts that are compared. */
  private static final int MOST = 20;

  /** What so many percent of them have alike is what is expected. */
  private static final int SHARE = 90;

  private static final int KEYS = 20;

  private final Transactions transactions;
  private final StateConfig config;
  private final Semaphore one = new Semaphore(1);

  Outliers(Transactions transactions, StateConfig config) {
    this.transactions = transactions;
    this.config = config;
  }

  /**
   * Who stands apart.
   *
   * @param compared how many hosts were; fewer than there are, where there are many
   * @param sentence what came of it
   * @param apart hosts that do, in the most facts first
   */
  public record View(int compared, String sentence, List<Apart> apart) {}

  /**
   * A host that is otherwise than most.
   *
   * @param keys facts in which it is, {@code FACET KEY}, safe to print
   * @param more how many more there are
   */
  public record Apart(String id, String name, List<String> keys, long more) {}

  /**
   * Of the hosts of a pool that no baseline selects.
   *
   * @throws ProblemException 409 while another question is being answered
   */
  public View of(String pool) throws SQLException {
    if (!one.tryAcquire()) {
      throw new ProblemException(
          Problem.conflict("Hosts are being compared already; ask again when that is done."));
    }
    try {
      return transactions.run(c -> compare(c, pool));
    } finally {
      one.release();
    }
  }

  private View compare(Connection c, String pool) throws SQLException {
    Map<UUID, String> names = new HashMap<>();
    List<UUID> ids = sample(c, pool, names);
    // Its own: what is only looked at drives nothing out of the memory that ingest works with.
    ManifestCache manifests = new ManifestCache(config);
    Map<String, Manifest> hosts = new LinkedHashMap<>();
    Map<String, Installation> installations = new HashMap<>();
    Digest scope = null;
    for (Installation i : InstallationTable.read(c, ids)) {
      Optional<Manifest> manifest = manifest(c, i, manifests);
      if (manifest.isPresent()) {
        // Under another scope other things are seen: that would not be a difference.
        scope = scope == null ? manifest.get().scope() : scope;
        if (manifest.get().scope().equals(scope)) {
          hosts.put(i.hex(), manifest.get());
          installations.put(i.hex(), i);
        }
      }
    }
    return view(hosts, installations, names);
  }

  static View view(
      Map<String, Manifest> hosts,
      Map<String, Installation> installations,
      Map<UUID, String> names) {
    if (hosts.size() < 3) {
      return new View(
          hosts.size(),
          "It takes three hosts of one scope to say which of them stands apart.",
          List.of());
    }
    Map<String, Set<String>> apart = apart(hosts);
    List<Apart> found = new ArrayList<>();
    apart.forEach(
        (host, keys) -> {
          Installation i = installations.get(host);
          String id = i == null ? host : i.host().toString();
          String name = i == null ? host : names.getOrDefault(i.id(), id);
          found.add(
              new Apart(
                  id, name, keys.stream().limit(KEYS).toList(), Math.max(0, keys.size() - KEYS)));
        });
    found.sort((a, b) -> Long.compare(b.keys().size() + b.more(), a.keys().size() + a.more()));
    int alike = hosts.size() - found.size();
    return new View(
        hosts.size(),
        found.isEmpty()
            ? "All " + hosts.size() + " hosts are alike, but for what is each host's own."
            : alike
                + " hosts are alike, "
                + found.size()
                + (found.size() == 1 ? " stands" : " stand")
                + " apart.",
        found);
  }

  /** The facts in which a host is otherwise than most. Pure. */
  static Map<String, Set<String>> apart(Map<String, Manifest> hosts) {
    Map<String, Set<String>> apart = new TreeMap<>();
    for (Promotion.Apart a : Promotion.of(hosts, SHARE).apart()) {
      for (String host : a.hosts()) {
        apart.computeIfAbsent(host, h -> new TreeSet<>()).add(shown(a.key()));
      }
    }
    return apart;
  }

  private static String shown(FactKey key) {
    return key.facet() + " " + key.displayName();
  }

  private static List<UUID> sample(Connection c, String pool, Map<UUID, String> names)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select i.id, h.name from host h join installation i on i.host = h.id
            where h.pool = ? and h.retired_at is null and i.baseline is null
              and i.sync = 'proven' and not exists (
                select from installation l where l.host = i.host and l.life > i.life)
            order by i.id limit ?
            """)) {
      s.setString(1, pool);
      s.setInt(2, MOST);
      try (ResultSet r = s.executeQuery()) {
        List<UUID> ids = new ArrayList<>();
        while (r.next()) {
          ids.add(r.getObject(1, UUID.class));
          names.put(r.getObject(1, UUID.class), r.getString(2));
        }
        return ids;
      }
    }
  }

  private static Optional<Manifest> manifest(Connection c, Installation i, ManifestCache manifests)
      throws SQLException {
    Digest digest = i.observation().reference();
    Optional<Reference> reference = digest == null ? Optional.empty() : manifests.get(c, digest);
    if (reference.isEmpty()) {
      return Optional.empty();
    }
    Facts facts =
        new Facts(reference.get(), Since.exactly(i.firstSeen()), OverlayTable.read(c, i.id()));
    if (facts.overlay().isEmpty()) {
      return Optional.of(reference.get().manifest());
    }
    List<Entry> entries = new ArrayList<>();
    facts.observedAll().forEach(entries::add);
    return Optional.of(Manifest.of(reference.get().manifest().scope(), entries));
  }
}
