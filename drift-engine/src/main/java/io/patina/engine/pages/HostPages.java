package io.patina.engine.pages;

import io.patina.engine.fleet.DeviationView;
import io.patina.engine.fleet.Deviations;
import io.patina.engine.fleet.Groups;
import io.patina.engine.fleet.HostView;
import io.patina.engine.fleet.Hosts;
import io.patina.engine.fleet.Listed;
import io.patina.engine.fleet.Timeline;
import io.patina.engine.fleet.Unobserved;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gathers what the page of a host shows. */
@Singleton
class HostPages {

  private final Hosts hosts;
  private final Deviations deviations;
  private final Groups groups;
  private final Unobserved unobserved;
  private final SharedPages shared;
  private final Timeline timeline;

  HostPages(
      Hosts hosts,
      Deviations deviations,
      Groups groups,
      Unobserved unobserved,
      SharedPages shared,
      Timeline timeline) {
    this.shared = shared;
    this.hosts = hosts;
    this.deviations = deviations;
    this.groups = groups;
    this.unobserved = unobserved;
    this.timeline = timeline;
  }

  /**
   * The page; empty if there is no such host.
   *
   * @param before cursor of older events; null for the latest
   * @param share the set that is paged through; null for none
   * @param from cursor within it
   */
  Optional<HostPage> one(
      UUID host, @Nullable String before, @Nullable String share, @Nullable String from)
      throws SQLException {
    Optional<HostView> view = hosts.host(host);
    if (view.isEmpty()) {
      return Optional.empty();
    }
    Instant now = Instant.now();
    Listed<DeviationView> open = deviations.list(host, true, HostPage.MOST_DEVIATIONS, null);
    return Optional.of(
        HostPage.from(
            view.get(),
            groups.list(host, true, HostPage.GROUPS, null).items(),
            open,
            view.get().deviations().unlisted() == 0 ? List.of() : shared.of(host, share, from, now),
            unobserved.list(host, now),
            timeline.list(host, HostPage.EVENTS, before),
            now));
  }
}
