package io.patina.engine.preview;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.engine.catalogue.Baseline;
import io.patina.engine.catalogue.Catalogue;
import io.patina.engine.catalogue.CatalogueReader;
import io.patina.engine.catalogue.Policies;
import io.patina.engine.catalogue.Waiting;
import io.patina.engine.database.Transactions;
import io.patina.engine.deviations.CauseRules;
import io.patina.engine.deviations.Circumstances;
import io.patina.engine.deviations.Deviations;
import io.patina.engine.inforce.InForceReader;
import io.patina.engine.judge.Case;
import io.patina.engine.judge.Judge;
import io.patina.engine.judge.Judgement;
import io.patina.engine.judge.Waiving;
import io.patina.engine.selection.Comparisons;
import io.patina.engine.state.Facts;
import io.patina.engine.state.Installation;
import io.patina.engine.state.InstallationTable;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.Observation;
import io.patina.engine.state.OverlayTable;
import io.patina.engine.state.Reference;
import io.patina.engine.state.Since;
import io.patina.engine.state.StateConfig;
import io.patina.manifest.Digest;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Foresees verdicts from stored facts. Writes nothing. */
@Singleton
public class Preview {

  /** Most hosts that one preview examines while somebody waits for it. */
  private static final int MOST = 1000;

  /** Of what ingest may keep of manifests, so much at most for a preview. */
  private static final int SHARE = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Transactions transactions;
  private final CatalogueReader catalogue;
  private final Judge judge;
  private final Policies policies = new Policies();
  private final Semaphore one = new Semaphore(1);
  private final StateConfig state;
  private final CauseRules rules;
  private final Clock clock;
  private final InForceReader decided;

  public Preview(
      Transactions transactions,
      CatalogueReader catalogue,
      Judge judge,
      StateConfig state,
      CauseRules rules,
      Clock clock) {
    this.transactions = transactions;
    this.catalogue = catalogue;
    this.judge = judge;
    this.state = state;
    this.rules = rules;
    this.clock = clock;
    this.decided = new InForceReader(clock);
  }

  /**
   * How much to look at.
   *
   * @param perPool hosts of each pool, at least 1
   * @param most hosts in all
   * @param time after which no further host is begun
   */
  public record Bounds(int perPool, int most, Duration time) {
    public Bounds(int perPool, Duration time) {
      this(perPool, MOST, time);
    }
  }

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Progress {
    /** Answers whether to go on. */
    boolean at(long examined, long planned) throws SQLException;
  }

  /** How it ended. */
  public sealed interface Outcome {}

  /** What would be. */
  public record Seen(Foreseen foreseen) implements Outcome {}

  /** There is no such baseline, or no trusted key signs it any more. */
  public record Unknown() implements Outcome {}

  /** Its manifest is in no configured store yet. */
  public record ManifestMissing(Digest manifest) implements Outcome {}

  /** Another preview is under way: one at a time, for it reads what ingest works with. */
  public record Busy() implements Outcome {}

  /** Foresees what a baseline would change. */
  public Outcome of(String name, String version, Bounds bounds) throws SQLException {
    if (!one.tryAcquire()) {
      return new Busy();
    }
    try {
      return inPeace(name, version, bounds, (examined, planned) -> true);
    } finally {
      one.release();
    }
  }

  /** The same for one caller at a time who has time, and may be ended. */
  Outcome inPeace(String name, String version, Bounds bounds, Progress progress)
      throws SQLException {
    long end = System.nanoTime() + bounds.time().toNanos();
    // Of its own: what is only looked at is not to drive what ingest works with out of its memory.
    ManifestCache manifests = new ManifestCache(state.manifestCache().asLongValue() / SHARE);
    Optional<Waiting> found = transactions.run(c -> catalogue.find(c, name, version));
    if (found.isEmpty()) {
      return new Unknown();
    }
    Baseline candidate = found.get().baseline();
    Digest manifest = candidate.golden().manifest();
    if (transactions.run(c -> manifests.get(c, manifest)).isEmpty()) {
      return new ManifestMissing(manifest);
    }
    Catalogue then = transactions.run(catalogue::read).with(candidate);
    String labels = JSON.valueToTree(candidate.golden().selector().labels()).toString();
    List<Sample.Picked> picked =
        transactions.run(
            c -> Sample.of(c, candidate.golden(), labels, bounds.perPool(), bounds.most()));
    Map<String, PoolTally> pools = new TreeMap<>();
    for (Sample.Picked p : picked) {
      var unused = pools.computeIfAbsent(p.pool(), pool -> new PoolTally(p.hostsOfPool()));
    }
    String ended = "";
    long examined = 0;
    for (Sample.Picked p : picked) {
      if (System.nanoTime() - end > 0) {
        ended = ", then the time was up.";
        break;
      }
      if (!progress.at(examined, picked.size())) {
        ended = ", then it was cancelled.";
        break;
      }
      PoolTally tally = pools.get(p.pool());
      if (tally != null) {
        transactions.perform(c -> examine(c, manifests, then, candidate, p, tally));
      }
      examined++;
    }
    return new Seen(foreseen(found.get(), pools, ended));
  }

  private static Foreseen foreseen(Waiting waiting, Map<String, PoolTally> pools, String ended) {
    long hosts = pools.values().stream().mapToLong(PoolTally::hosts).sum();
    long examined = pools.values().stream().mapToLong(PoolTally::examined).sum();
    List<Foreseen.Pool> seen = new ArrayList<>();
    pools.forEach((name, tally) -> seen.add(tally.pool(name)));
    return new Foreseen(
        waiting.baseline().golden().name(),
        waiting.baseline().golden().version(),
        waiting.state(),
        hosts,
        examined,
        note(hosts, examined, ended),
        seen);
  }

  private static @Nullable String note(long hosts, long examined, String ended) {
    if (examined == hosts) {
      return null;
    }
    return "A sample: "
        + examined
        + " of "
        + hosts
        + " hosts were examined"
        + (ended.isEmpty() ? ", picked at random in every pool." : ended);
  }

  private void examine(
      Connection c,
      ManifestCache manifests,
      Catalogue then,
      Baseline candidate,
      Sample.Picked picked,
      PoolTally tally)
      throws SQLException {
    List<Installation> read = InstallationTable.read(c, List.of(picked.installation()));
    if (read.isEmpty()) {
      return;
    }
    Installation i = read.getFirst();
    Optional<Baseline> chosen =
        then.select(i.hex(), i.assignedLabels(), new Digest(i.machine().scope()));
    if (!chosen.map(b -> b.statement().equals(candidate.statement())).orElse(false)) {
      tally.behind();
      return;
    }
    Judgement j = judgement(c, manifests, then.revision(), candidate, i);
    tally.add(
        i.standing().verdict(),
        j.verdict(),
        new Foreseen.Example(i.host().toString(), i.machine().hostname(), j.sentence()));
  }

  private Judgement judgement(
      Connection c, ManifestCache manifests, long revision, Baseline candidate, Installation i)
      throws SQLException {
    Instant now = clock.instant();
    Deviations open = new Deviations(i.id(), List.of(), 0, state.listedDeviations(), rules);
    Optional<Facts> facts = facts(c, manifests, i);
    if (facts.isPresent()) {
      // As of a host's first baseline: all that differs has settled.
      Circumstances seen =
          new Circumstances(
              candidate.statement(), Circumstances.revision(revision, 0), now, now, false, false);
      var unused =
          open.takeAll(
              Comparisons.all(c, manifests, candidate, i.assignedLabels(), facts.get()),
              facts.get()::since,
              seen);
    }
    Waiving waiving =
        Waiving.of(
            new Case(
                i.standing(),
                i.sync(),
                i.conflict(),
                i.isSilent(),
                i.contact().lastSeen(),
                policies.of(candidate.golden()),
                i.assignedLabels(),
                open.open(),
                open.unproven()),
            decided.read(c).waivers(i.host(), i.pool(), i.assignedLabels(), now),
            now);
    return waiving.tell(judge.judge(waiving.theCase(), now));
  }

  private static Optional<Facts> facts(Connection c, ManifestCache manifests, Installation i)
      throws SQLException {
    Observation o = i.observation();
    Digest digest = o.reference();
    if (digest == null) {
      return Optional.empty();
    }
    Optional<Reference> reference = manifests.get(c, digest);
    if (reference.isEmpty()) {
      return Optional.empty();
    }
    Instant since = o.referenceSince();
    return Optional.of(
        new Facts(
            reference.get(),
            new Since(null, since == null ? i.firstSeen() : since),
            OverlayTable.read(c, i.id())));
  }
}
