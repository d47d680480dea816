package io.patina.engine.pages;

import io.patina.engine.access.CurrentCaller;
import io.patina.engine.access.Role;
import io.patina.engine.fleet.Baselines;
import io.patina.engine.life.Lives;
import io.patina.engine.preview.Foreseen;
import io.patina.engine.preview.Preview;
import io.patina.engine.rollout.Rollouts;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts together what the pages of baselines show. */
@Singleton
class BaselinePages {

  /** What somebody is to decide about: there a page foresees what would change. */
  private static final Set<String> TO_DECIDE = Set.of("draft", "approved", "rolling-out");

  /** A page is not to wait for long; the API looks at more. */
  private static final Preview.Bounds GLANCE = new Preview.Bounds(10, Duration.ofSeconds(1));

  private final Baselines baselines;
  private final Lives lives;
  private final Preview preview;
  private final Rollouts rollouts;
  private final CurrentCaller caller;

  BaselinePages(
      Baselines baselines, Lives lives, Preview preview, Rollouts rollouts, CurrentCaller caller) {
    this.rollouts = rollouts;
    this.caller = caller;
    this.baselines = baselines;
    this.lives = lives;
    this.preview = preview;
  }

  BaselinesPage list(@Nullable String cursor) throws SQLException {
    return BaselinesPage.from(baselines.list(BaselinesPage.SIZE, cursor), Instant.now());
  }

  /** The page of one; empty if there is none. */
  Optional<BaselinePage> one(String name, String version) throws SQLException {
    Optional<Baselines.View> view = baselines.baseline(name, version);
    Optional<Lives.View> life = lives.of(name, version);
    if (view.isEmpty() || life.isEmpty()) {
      return Optional.empty();
    }
    Optional<Foreseen> foreseen =
        TO_DECIDE.contains(view.get().state())
                && preview.of(name, version, GLANCE) instanceof Preview.Seen(Foreseen seen)
            ? Optional.of(seen)
            : Optional.empty();
    Instant now = Instant.now();
    boolean mayAct = caller.get().roles().contains(Role.OPERATOR);
    Optional<RolloutPart> rollout =
        rollouts.of(name, version).map(r -> RolloutPart.from(r, mayAct, now));
    return Optional.of(BaselinePage.from(view.get(), life.get(), rollout, foreseen, now));
  }
}
