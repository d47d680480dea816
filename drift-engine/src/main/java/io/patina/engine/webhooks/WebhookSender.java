package io.patina.engine.webhooks;

import io.patina.engine.database.Schema;
import io.patina.engine.database.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Makes the calls, one at a time; a row is locked while its call is under way. */
@Startup
@Singleton
public final class WebhookSender {

  private static final Logger LOG = Logger.getLogger(WebhookSender.class);
  private static final long RETRY_MILLIS = 1000;

  private final Transactions transactions;
  private final Schema schema;
  private final Webhooks webhooks;
  private final WebhookCalls calls;
  private final WebhookConfig config;
  private final CountDownLatch stopping = new CountDownLatch(1);

  public WebhookSender(
      Transactions transactions,
      Schema schema,
      Webhooks webhooks,
      WebhookCalls calls,
      WebhookConfig config) {
    this.transactions = transactions;
    this.schema = schema;
    this.webhooks = webhooks;
    this.calls = calls;
    this.config = config;
  }

  void start(@Observes StartupEvent event) {
    if (webhooks.isOn()) {
      Thread.ofPlatform().name("webhooks").daemon(true).start(this::run);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopping.countDown();
  }

  private void run() {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(config.timeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      if (!schema.await()) {
        return;
      }
      while (stopping.getCount() > 0) {
        try {
          if (!transactions.run(connection -> calls.callOne(connection, client))) {
            pause(config.poll().toMillis());
          }
        } catch (SQLException e) {
          LOG.warnf("webhooks wait for the database: %s", e.getMessage());
          pause(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause(long millis) throws InterruptedException {
    boolean unused = stopping.await(millis, TimeUnit.MILLISECONDS);
  }
}
