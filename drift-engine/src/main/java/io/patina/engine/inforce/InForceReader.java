package io.patina.engine.inforce;

import io.patina.engine.decisions.DecisionTable;
import io.patina.engine.maintenance.MaintenanceTable;
import io.patina.engine.waivers.WaiverTable;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;

/** Reads what is in force within a transaction; reads tables only when the revision has changed. */
@Singleton
public class InForceReader {

  private final Clock clock;
  private volatile InForce last = InForce.NONE;

  public InForceReader(Clock clock) {
    this.clock = clock;
  }

  /** What is in force as this transaction sees it; what has ended since then is not. */
  public InForce read(Connection connection) throws SQLException {
    long revision = DecisionTable.revision(connection);
    InForce known = last;
    if (known.revision() == revision) {
      return known;
    }
    InForce read =
        new InForce(
            revision,
            WaiverTable.inForce(connection, clock.instant()),
            MaintenanceTable.lasting(connection, clock.instant()));
    last = read;
    return read;
  }
}
