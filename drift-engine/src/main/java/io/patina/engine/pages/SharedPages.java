package io.patina.engine.pages;

import io.patina.engine.fleet.DeviationView;
import io.patina.engine.fleet.Listed;
import io.patina.engine.fleet.Shared;
import io.patina.engine.fleet.SharedView;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a host's page shows of its part in sets. */
@Singleton
class SharedPages {

  private final Shared shared;

  SharedPages(Shared shared) {
    this.shared = shared;
  }

  /**
   * The open ones.
   *
   * @param share the one that is paged through; null for none
   * @param from cursor within it
   */
  List<SharedRow> of(UUID host, @Nullable String share, @Nullable String from, Instant now)
      throws SQLException {
    List<SharedRow> rows = new ArrayList<>();
    for (SharedView v : shared.list(host, true, HostPage.SHARED, null).items()) {
      boolean paged = v.id().equals(share);
      Listed<DeviationView> some =
          shared.deviations(
              host, UUID.fromString(v.id()), HostPage.SHARED_SHOWN, paged ? from : null);
      rows.add(SharedRow.from(host, v, some, paged, now));
    }
    return rows;
  }
}
