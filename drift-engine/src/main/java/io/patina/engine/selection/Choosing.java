package io.patina.engine.selection;

import io.patina.comparison.Comparer;
import io.patina.engine.catalogue.Baseline;
import io.patina.engine.catalogue.Catalogue;
import io.patina.engine.rollout.Rollout;
import io.patina.engine.state.Facts;
import io.patina.engine.state.Installation;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.Transit;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what a host is held against: the active baseline that selects it; during a rollout the
 * version of the two that it is of; nothing if its image is one that nobody has approved.
 */
public final class Choosing {

  /** Pairs of versions whose parting is kept. */
  private static final int KEPT = 16;

  private final ManifestCache manifests;

  private record Pair(Digest before, Digest after) {}

  private final Map<Pair, Parting> partings =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Parting> eldest) {
          return size() > KEPT;
        }
      };

  public Choosing(ManifestCache manifests) {
    this.manifests = manifests;
  }

  /**
   * What was chosen.
   *
   * @param active the one in force that selects the host; empty if there is none
   * @param baseline what it is held against; empty if none selects the host, or its image is
   *     unknown
   * @param transit where it is in the rollout; empty if there is none
   */
  public record Choice(
      Optional<Baseline> active,
      Optional<Baseline> baseline,
      Optional<Transit> transit,
      boolean imageUnknown) {

    private static Choice of(Optional<Baseline> active) {
      return new Choice(active, active, Optional.empty(), false);
    }
  }

  /** Finds the facts of a host, where they are needed. */
  @FunctionalInterface
  public interface FactsOf {
    Optional<Facts> get() throws SQLException;
  }

  /**
   * What changed of a host's facts.
   *
   * @param before empty if nothing did
   * @param keys that changed
   */
  public record Changed(Optional<Facts> before, Collection<FactKey> keys) {
    public static final Changed NOTHING = new Changed(Optional.empty(), List.of());
  }

  /**
   * What a host is held against under a catalogue.
   *
   * @param changed null if all facts are other ones
   */
  public Choice choose(
      Connection connection,
      Catalogue catalogue,
      Installation i,
      FactsOf facts,
      @Nullable Changed changed)
      throws SQLException {
    if (catalogue.coming().isEmpty()) {
      synchronized (partings) {
        partings.clear();
      }
    }
    Digest scope = new Digest(i.machine().scope());
    Optional<Baseline> active = catalogue.select(i.hex(), i.assignedLabels(), scope);
    if (active.isEmpty()) {
      return Choice.of(active);
    }
    if (catalogue.images().isUnknown(i.image().name(), active.get().statement())) {
      return new Choice(active, Optional.empty(), Optional.empty(), true);
    }
    Optional<Catalogue.Coming> coming =
        catalogue.comingAfter(active.get(), i.hex(), i.assignedLabels(), scope);
    if (coming.isEmpty()) {
      return Choice.of(active);
    }
    return inTransit(connection, active.get(), coming.get(), i, facts, changed);
  }

  private Choice inTransit(
      Connection connection,
      Baseline before,
      Catalogue.Coming coming,
      Installation i,
      FactsOf facts,
      @Nullable Changed changed)
      throws SQLException {
    Baseline after = coming.baseline();
    Parting parting = parting(connection, before, after);
    Optional<Parting.Tally> counted = tally(parting, before, coming, i, facts, changed);
    if (counted.isEmpty()) {
      Transit unseen = transit(coming.rollout(), i, Transit.Place.UNSEEN, Parting.Tally.NONE);
      return new Choice(Optional.of(before), Optional.of(before), Optional.of(unseen), false);
    }
    Parting.Tally t = counted.get();
    Transit.Place place = place(parting, t, i, after, isReached(coming.rollout(), i));
    boolean fresh =
        switch (place) {
          case NEW -> true;
          case OLD, UNSEEN -> false;
          case MIXTURE ->
              // Of what there is more: what remains to be done is what differs.
              isReached(coming.rollout(), i)
                  && (t.newer() > t.older() || (t.newer() == t.older() && isHeldAgainst(i, after)));
        };
    return new Choice(
        Optional.of(before),
        Optional.of(fresh ? after : before),
        Optional.of(transit(coming.rollout(), i, place, t)),
        false);
  }

  private static Optional<Parting.Tally> tally(
      Parting parting,
      Baseline before,
      Catalogue.Coming coming,
      Installation i,
      FactsOf facts,
      @Nullable Changed changed)
      throws SQLException {
    Optional<Transit> last = i.transit().filter(t -> t.rollout().equals(coming.rollout().id()));
    boolean counted = last.isPresent() && last.get().place() != Transit.Place.UNSEEN;
    if (counted && changed != null && changed.before().isEmpty()) {
      return last.map(Parting.Tally::of);
    }
    Optional<Facts> now = facts.get();
    if (now.isEmpty()) {
      return Optional.empty();
    }
    Comparer old = before.measure().comparer(i.assignedLabels());
    Comparer fresh = coming.baseline().measure().comparer(i.assignedLabels());
    if (!counted || changed == null || changed.before().isEmpty()) {
      return Optional.of(parting.tally(old, fresh, now.get()));
    }
    return Optional.of(
        Parting.Tally.of(last.get())
            .minus(parting.tally(old, fresh, changed.before().get(), changed.keys()))
            .plus(parting.tally(old, fresh, now.get(), changed.keys())));
  }

  private static Transit.Place place(
      Parting parting, Parting.Tally t, Installation i, Baseline after, boolean reached) {
    if (t.older() > 0) {
      return t.newer() > 0 ? Transit.Place.MIXTURE : Transit.Place.OLD;
    }
    if (t.newer() > 0) {
      return Transit.Place.NEW;
    }
    // Nothing tells: either the versions say the same, or what they part in is as none of them
    // says.
    return (parting.isEmpty() && reached) || (!parting.isEmpty() && isHeldAgainst(i, after))
        ? Transit.Place.NEW
        : Transit.Place.OLD;
  }

  private static boolean isHeldAgainst(Installation i, Baseline baseline) {
    return baseline.statement().equals(i.compared().baseline());
  }

  private static boolean isReached(Rollout rollout, Installation i) {
    int wave = rollout.waveOf(i.host(), i.assignedLabels());
    return wave > 0 && wave <= rollout.reached();
  }

  private static Transit transit(
      Rollout r, Installation i, Transit.Place place, Parting.Tally tally) {
    int wave = r.waveOf(i.host(), i.assignedLabels());
    boolean reached = wave > 0 && wave <= r.reached();
    return new Transit(
        r.id(),
        r.fromVersion(),
        r.toVersion(),
        wave,
        reached,
        reached && !r.isPaused() ? r.wave(wave).deadline() : null,
        place,
        tally.older(),
        tally.newer(),
        tally.neither());
  }

  private Parting parting(Connection connection, Baseline before, Baseline after)
      throws SQLException {
    Pair pair = new Pair(before.golden().manifest(), after.golden().manifest());
    synchronized (partings) {
      Parting known = partings.get(pair);
      if (known != null) {
        return known;
      }
    }
    // Two threads may do this at once; both find the same.
    Parting made =
        Parting.of(
            Comparisons.expected(connection, manifests, before).manifest(),
            Comparisons.expected(connection, manifests, after).manifest());
    synchronized (partings) {
      partings.put(pair, made);
    }
    return made;
  }
}
