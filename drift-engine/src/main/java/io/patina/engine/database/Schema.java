package io.patina.engine.database;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jboss.logging.Logger;

/**
 * The tables, brought up to date once the database answers. The engine may start before its
 * database; until the tables are there it is not ready and says why.
 */
@Startup
@Singleton
public final class Schema {

  private static final Logger LOG = Logger.getLogger(Schema.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Flyway flyway;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile String waitingFor = "the database";

  public Schema(Flyway flyway) {
    this.flyway = flyway;
  }

  void start(@Observes StartupEvent event) {
    Thread.ofPlatform().name("schema").daemon(true).start(this::migrate);
  }

  /** Waits until the tables are there; false if the engine stops before. */
  public boolean await() throws InterruptedException {
    while (!ready.await(100, TimeUnit.MILLISECONDS)) {
      if (stopping.getCount() == 0) {
        return false;
      }
    }
    return true;
  }

  public boolean isReady() {
    return ready.getCount() == 0;
  }

  /** Why the tables are not there yet, for people. */
  public String waitingFor() {
    return waitingFor;
  }

  void stop(@Observes ShutdownEvent event) {
    stopping.countDown();
  }

  private void migrate() {
    boolean told = false;
    while (true) {
      try {
        flyway.migrate();
        ready.countDown();
        return;
      } catch (FlywayException e) {
        waitingFor = "the database: " + firstLine(e);
        if (!told) {
          LOG.warnf("schema waits for %s", waitingFor);
          told = true;
        }
      }
      try {
        if (stopping.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage()).strip();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
