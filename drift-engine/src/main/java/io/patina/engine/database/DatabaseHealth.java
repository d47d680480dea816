package io.patina.engine.database;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Statement;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Readiness: the database answers and its tables are up to date. */
@Readiness
@Singleton
final class DatabaseHealth implements HealthCheck {

  private final Transactions transactions;
  private final Schema schema;

  DatabaseHealth(Transactions transactions, Schema schema) {
    this.transactions = transactions;
    this.schema = schema;
  }

  @Override
  public HealthCheckResponse call() {
    var answer = HealthCheckResponse.named("database");
    if (!schema.isReady()) {
      return answer.down().withData("reason", "waiting for " + schema.waitingFor()).build();
    }
    try {
      return transactions.run(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              statement.execute("select 1");
            }
            return answer.up().build();
          });
    } catch (SQLException e) {
      return answer.down().withData("reason", "no answer: " + e.getMessage()).build();
    }
  }
}
