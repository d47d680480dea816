package io.patina.engine.catalogue;

import io.patina.engine.database.Schema;
import io.patina.engine.database.SqlFailure;
import io.patina.wire.Topics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Reads the topics of baselines and of decisions about them from their beginnings, in every
 * replica: they are small, and taking the same twice is no error, so no offset is stored.
 */
@Singleton
public final class BaselineFeed {

  private static final Logger LOG = Logger.getLogger(BaselineFeed.class);
  private static final long RETRY_MILLIS = 1000;

  private final BaselineIntake intake;
  private final Schema schema;
  private final FeedProgress progress;
  private final CountDownLatch stopping = new CountDownLatch(1);

  BaselineFeed(
      BaselineIntake intake,
      Schema schema,
      @Identifier(FeedProgress.CHANNEL) FeedProgress progress) {
    this.intake = intake;
    this.schema = schema;
    this.progress = progress;
  }

  void stop(@Observes ShutdownEvent event) {
    stopping.countDown();
  }

  /**
   * Waits until every baseline that was published before this replica started has been taken: hosts
   * are not to be called unbaselined because reports were quicker than baselines.
   *
   * @return false if that took longer than this
   */
  public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
    return progress.awaitCaughtUp(atMost);
  }

  /** Takes one record; as long as the database is away it is the one that is taken. */
  @Incoming(FeedProgress.CHANNEL)
  @Blocking
  public void take(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    if (record.value() != null && schema.await()) {
      if (record.topic().equals(Topics.DECISIONS)) {
        take(() -> intake.decided(record.value()));
      } else {
        String envelope = new String(record.value(), StandardCharsets.UTF_8);
        take(() -> intake.take(envelope));
      }
    }
    progress.took(new TopicPartition(record.topic(), record.partition()), record.offset());
  }

  private interface Taking {
    void take() throws SQLException;
  }

  private void take(Taking what) throws InterruptedException {
    while (!stopped(0)) {
      try {
        what.take();
        return;
      } catch (SQLException e) {
        if (SqlFailure.isData(e)) {
          // Not for want of a database: it would be refused for ever, and all that follow it.
          LOG.errorf("baseline refused: the database cannot keep it: %s", e.getMessage());
          return;
        }
        LOG.warnf("baseline waits for the database: %s", e.getMessage());
        stopped(RETRY_MILLIS);
      }
    }
  }

  @Scheduled(
      every = "${patina.catalogue.fetch-retry}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void fetchMissing() {
    if (!schema.isReady()) {
      return;
    }
    try {
      intake.fetchMissing();
    } catch (SQLException e) {
      LOG.warnf("manifests of baselines wait for the database: %s", e.getMessage());
    }
  }

  /** By itself: a key that is revoked does not wait for a store that hangs. */
  @Scheduled(
      every = "${patina.catalogue.fetch-retry}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void followTrust() {
    if (!schema.isReady()) {
      return;
    }
    try {
      intake.followTrust();
    } catch (SQLException e) {
      LOG.warnf("a change of the trust roots waits for the database: %s", e.getMessage());
    }
  }

  private boolean stopped(long waitMillis) throws InterruptedException {
    return stopping.await(waitMillis, TimeUnit.MILLISECONDS);
  }
}
