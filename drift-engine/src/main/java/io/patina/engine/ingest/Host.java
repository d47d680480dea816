package io.patina.engine.ingest;

import io.patina.engine.catalogue.Baseline;
import io.patina.engine.deviations.CauseRules;
import io.patina.engine.deviations.Deviation;
import io.patina.engine.deviations.DeviationTable;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.deviations.GroupTable;
import io.patina.engine.deviations.ShareTable;
import io.patina.engine.deviations.SharedSets;
import io.patina.engine.history.FleetCounts;
import io.patina.engine.pools.PoolCounts;
import io.patina.engine.selection.Comparisons;
import io.patina.engine.state.Facts;
import io.patina.engine.state.Installation;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.Observation;
import io.patina.engine.state.OverlayTable;
import io.patina.engine.state.Reference;
import io.patina.engine.state.Since;
import io.patina.manifest.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One installation in memory: the light part always, facts and open deviations once they are
 * needed. What is here is what the tables hold as long as the lane's fence holds. Not safe for use
 * by several threads.
 */
final class Host {

  /** Ways that differ less are the same. */
  private static final Duration SAME = Duration.ofSeconds(1);

  /** Reports that arrive further apart do not come out of one backlog. */
  private static final Duration APART = Duration.ofSeconds(30);

  /** So many deviations or facts take the place of another host in memory. */
  private static final int MANY = 500;

  private final Installation installation;
  private @Nullable Facts facts;
  private @Nullable Deviations deviations;
  private Optional<FleetCounts.Place> counted;
  private Optional<PoolCounts.Place> countedInPool;
  private boolean toBeJudged;
  private @Nullable Duration leastDelay;
  private @Nullable Duration steadyWay;
  private Instant steadySince = Instant.EPOCH;
  private Duration delay = Duration.ZERO;
  private @Nullable Digest turnedFrom;
  private Instant turnedAt = Instant.EPOCH;

  /**
   * @param isNew whether it has no row yet
   */
  Host(Installation installation, boolean isNew) {
    this.installation = installation;
    this.counted = isNew ? Optional.empty() : FleetCounts.Place.ofRow(installation);
    this.countedInPool = isNew ? Optional.empty() : PoolCounts.Place.ofRow(installation);
    // What another replica has learnt of its clock: or the first late report would seem to be in
    // time.
    Long skew = installation.skewMillis();
    this.leastDelay = skew == null ? null : Duration.ofMillis(-skew);
  }

  Installation installation() {
    return installation;
  }

  /** Its facts; empty before the first snapshot. */
  Optional<Facts> facts(Connection connection, ManifestCache manifests) throws SQLException {
    Observation o = installation.observation();
    Digest digest = o.reference();
    if (facts == null && digest != null) {
      Reference reference =
          manifests
              .get(connection, digest)
              .orElseThrow(
                  () -> new IllegalStateException("manifest " + digest + " is referred to"));
      Instant since = o.referenceSince();
      facts =
          new Facts(
              reference,
              new Since(null, since == null ? installation.firstSeen() : since),
              OverlayTable.read(connection, installation.id()));
    }
    return Optional.ofNullable(facts);
  }

  void facts(Facts facts) {
    this.facts = facts;
  }

  /** What is open on it. */
  Deviations deviations(
      Connection connection,
      ManifestCache manifests,
      Optional<Baseline> baseline,
      int mostListed,
      CauseRules rules,
      SharedSets sets)
      throws SQLException {
    if (deviations == null) {
      List<Deviation> open = DeviationTable.readOpen(connection, installation.id());
      Deviations read =
          new Deviations(
              installation.id(), open, installation.compared().unproven(), mostListed, rules);
      if (!open.isEmpty() || installation.compared().unlisted() > 0) {
        read.told(GroupTable.readTold(connection, installation.id()));
      }
      if (installation.compared().unlisted() > 0) {
        read.restore(ShareTable.readOpen(connection, sets, installation.id()));
        Optional<Facts> known = facts(connection, manifests);
        if (installation.compared().unlisted() > read.shared()
            && baseline.isPresent()
            && known.isPresent()) {
          // What waits for its cause to settle, or is too little for a set.
          read.addUnlisted(
              Comparisons.all(
                  connection,
                  manifests,
                  baseline.get(),
                  installation.assignedLabels(),
                  known.get()),
              known.get()::since);
        }
      }
      deviations = read;
    }
    return deviations;
  }

  /** What it takes of memory, in hosts as most are; 0 if neither facts nor deviations are there. */
  int warmth() {
    Deviations open = deviations;
    Facts known = facts;
    return open == null && known == null
        ? 0
        : 1
            + (open == null ? 0 : open.open().size() / MANY)
            + (known == null ? 0 : known.overlay().size() / MANY);
  }

  /** Lets go of what can be read again. */
  void cool() {
    facts = null;
    deviations = null;
  }

  /**
   * Takes note of how long a report was on its way. The host's clock may be wrong by any amount, so
   * that only what goes beyond the shortest way known is a delay. Where reports that are made apart
   * all take the same longer way, its clock has been set.
   *
   * @param arrived by the broker's clock
   */
  void tookItsWay(Duration way, Instant arrived) {
    Duration least = leastDelay;
    Duration steady = steadyWay;
    if (steady == null || steady.minus(way).abs().compareTo(SAME) > 0) {
      steadyWay = way;
      steadySince = arrived;
    } else if (!arrived.isBefore(steadySince.plus(APART))) {
      least = way;
    }
    if (least == null || way.compareTo(least) < 0) {
      least = way;
    }
    leastDelay = least;
    delay = way.minus(least);
  }

  /**
   * The host's clock minus the broker's in milliseconds, as the last report says; empty if that was
   * late and says nothing of it.
   */
  Optional<Long> skewMillis() {
    Duration least = leastDelay;
    return least == null || delay.compareTo(SAME) > 0
        ? Optional.empty()
        : Optional.of(-least.toMillis());
  }

  /** How much longer than others its last report was on its way. */
  Duration delay() {
    return delay;
  }

  /**
   * Takes note that it turned from what it is held against; says no if it did so a while ago
   * already: one that turns to and fro is one host.
   */
  boolean turnsAnew(Digest baseline, Instant now, Duration within) {
    if (baseline.equals(turnedFrom) && now.isBefore(turnedAt.plus(within))) {
      return false;
    }
    turnedFrom = baseline;
    turnedAt = now;
    return true;
  }

  /** The verdict may have to change. */
  void mustBeJudged() {
    toBeJudged = true;
  }

  boolean isToBeJudged() {
    return toBeJudged;
  }

  void judged() {
    toBeJudged = false;
  }

  /** Where the fleet's figures have it; empty if nowhere yet, or no more. */
  Optional<FleetCounts.Place> counted() {
    return counted;
  }

  void counted(Optional<FleetCounts.Place> place) {
    counted = place;
  }

  /** Where the figures of pools have it; empty if nowhere. */
  Optional<PoolCounts.Place> countedInPool() {
    return countedInPool;
  }

  void countedInPool(Optional<PoolCounts.Place> place) {
    countedInPool = place;
  }
}
