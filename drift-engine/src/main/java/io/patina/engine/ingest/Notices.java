package io.patina.engine.ingest;

import io.patina.engine.history.Event;
import io.patina.engine.maintenance.Held;
import io.patina.engine.maintenance.HeldTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of one transaction is recorded and not told. Not safe for use by several threads.
 *
 * <p>Every event is recorded; one that is silenced says why, and no webhook is called for it.
 */
final class Notices {

  private static final String SILENCED = "silenced";

  private final Set<UUID> silenced = new HashSet<>();
  private final List<Held> held = new ArrayList<>();
  private final List<UUID> freed = new ArrayList<>();
  private @Nullable Boolean any;

  /** Does not tell an event, now or ever. */
  void silence(Event event, String why) {
    event.data().put(SILENCED, why);
    silenced.add(event.id());
  }

  /** Holds an event back. */
  void hold(Event event, Optional<UUID> group, Optional<String> verdict, String why) {
    silence(event, why);
    held.add(
        new Held(
            event.id(), event.installation(), event.kind(), group, verdict, event.observedAt()));
  }

  boolean isTold(Event event) {
    return !silenced.contains(event.id());
  }

  /** What earlier transactions have held back of an installation. */
  List<Held> heldOf(Connection connection, UUID installation) throws SQLException {
    // Mostly nothing is held back anywhere: one question for all hosts of a transaction.
    Boolean known = any;
    if (known == null) {
      known = HeldTable.any(connection);
      any = known;
    }
    return known
        ? HeldTable.of(connection, installation).stream()
            .filter(h -> !freed.contains(h.event()))
            .toList()
        : List.of();
  }

  /** Nothing holds these back any more. */
  void free(Collection<Held> these) {
    these.forEach(h -> freed.add(h.event()));
  }

  void write(Connection connection) throws SQLException {
    HeldTable.delete(connection, freed);
    HeldTable.insert(connection, held);
  }
}
