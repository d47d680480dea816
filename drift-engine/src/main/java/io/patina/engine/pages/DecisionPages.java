package io.patina.engine.pages;

import io.patina.engine.maintenance.Maintenance;
import io.patina.engine.maintenance.Maintenances;
import io.patina.engine.retirement.Retirements;
import io.patina.engine.waivers.Waiver;
import io.patina.engine.waivers.Waivers;
import io.patina.facts.Escaped;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads what the pages show of people's decisions. */
@Singleton
final class DecisionPages {

  private static final int RETIRED = 100;
  private static final int MAINTENANCES = 5;

  private final Waivers waivers;
  private final Maintenances maintenances;
  private final Retirements retirements;

  DecisionPages(Waivers waivers, Maintenances maintenances, Retirements retirements) {
    this.waivers = waivers;
    this.maintenances = maintenances;
    this.retirements = retirements;
  }

  DecisionsPage page() throws SQLException {
    return DecisionsPage.from(
        waivers.list(false), maintenances.list(false), retirements.list(RETIRED), waivers.now());
  }

  /** What a glance at the fleet must not miss: who is in maintenance, and what expires soon. */
  List<String> lasting() throws SQLException {
    List<String> notices = new ArrayList<>();
    List<Maintenance> lasting = maintenances.list(false);
    for (Maintenance m : lasting.subList(0, Math.min(MAINTENANCES, lasting.size()))) {
      notices.add(
          "In maintenance until "
              + Words.minute(m.until())
              + ": "
              + m.extent().text()
              + ". "
              + Escaped.text(m.reason())
              + " (begun by "
              + Escaped.text(m.begunBy())
              + ")");
    }
    if (lasting.size() > MAINTENANCES) {
      notices.add("And " + Words.count(lasting.size() - MAINTENANCES) + " maintenances more.");
    }
    Instant now = waivers.now();
    long expiring =
        waivers.list(false).stream().filter(w -> w.state(now) == Waiver.State.EXPIRING).count();
    if (expiring > 0) {
      notices.add(Words.counted(expiring, "waiver expires", "waivers expire") + " soon.");
    }
    return notices;
  }
}
