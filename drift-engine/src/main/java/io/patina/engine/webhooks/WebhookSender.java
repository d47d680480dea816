package io.patina.engine.webhooks;

import io.patina.engine.database.Schema;
import io.patina.engine.database.Transactions;
import io.patina.engine.history.CloudEvents;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes the calls, one at a time; a row is locked while its call is under way. */
@Startup
@Singleton
public final class WebhookSender {

  private static final Logger LOG = Logger.getLogger(WebhookSender.class);
  private static final long RETRY_MILLIS = 1000;
  private static final int GONE = 410;

  private final Transactions transactions;
  private final Schema schema;
  private final Webhooks webhooks;
  private final WebhookConfig config;
  private final Clock clock = Clock.systemUTC();
  private final CountDownLatch stopping = new CountDownLatch(1);

  public WebhookSender(
      Transactions transactions, Schema schema, Webhooks webhooks, WebhookConfig config) {
    this.transactions = transactions;
    this.schema = schema;
    this.webhooks = webhooks;
    this.config = config;
  }

  void start(@Observes StartupEvent event) {
    if (webhooks.isOn()) {
      Thread.ofPlatform().name("webhooks").daemon(true).start(this::run);
    }
  }

  @PreDestroy
  void stop() {
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
          if (!transactions.run(connection -> callOne(connection, client))) {
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

  private boolean callOne(Connection connection, HttpClient client) throws SQLException {
    Optional<WebhookTable.Call> due = WebhookTable.due(connection);
    if (due.isEmpty()) {
      return false;
    }
    WebhookTable.Call call = due.get();
    Instant now = clock.instant();
    try {
      HttpResponse<Void> answer = send(client, call, now);
      int status = answer.statusCode();
      if (status / 100 == 2) {
        WebhookTable.ended(connection, call.id(), "delivered", now, status, null);
      } else if (status == GONE) {
        LOG.warnf("webhook receiver answered 410: call %s is given up", call.id());
        WebhookTable.ended(connection, call.id(), "failed", now, status, "gone");
      } else {
        failed(connection, call, now, status, "status " + status, retryAfter(answer));
      }
    } catch (IOException e) {
      failed(connection, call, now, null, String.valueOf(e.getMessage()), Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return true;
  }

  private HttpResponse<Void> send(HttpClient client, WebhookTable.Call call, Instant now)
      throws IOException, InterruptedException {
    URI url = config.url().orElseThrow();
    Optional<String> refusal = webhooks.refusal(url);
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    String id = call.id().toString();
    long seconds = now.getEpochSecond();
    String signature =
        WebhookSignature.of(config.secret().orElseThrow()).sign(id, seconds, call.body());
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(config.timeout())
            .header("content-type", CloudEvents.MEDIA_TYPE + "; charset=UTF-8")
            .header("webhook-id", id)
            .header("webhook-timestamp", String.valueOf(seconds))
            .header("webhook-signature", signature)
            .POST(HttpRequest.BodyPublishers.ofByteArray(call.body()))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding());
  }

  private void failed(
      Connection connection,
      WebhookTable.Call call,
      Instant now,
      @Nullable Integer status,
      String error,
      Duration atLeast)
      throws SQLException {
    int attempts = call.attempts() + 1;
    boolean last = attempts >= config.attempts();
    Duration pause = pauseAfter(attempts);
    LOG.warnf("webhook %s attempt=%d: %s", call.id(), attempts, error);
    WebhookTable.ended(
        connection,
        call.id(),
        last ? "failed" : "pending",
        now.plus(pause.compareTo(atLeast) < 0 ? atLeast : pause),
        status,
        error);
  }

  /** 5 s, 25 s, 2 min, 10 min, ... and up to a tenth more, so that retries do not march in step. */
  private Duration pauseAfter(int attempts) {
    double factor = Math.pow(5, attempts - 1.0);
    double millis =
        Math.min(
            config.firstPause().toMillis() * factor, (double) config.longestPause().toMillis());
    return Duration.ofMillis((long) (millis * (1 + ThreadLocalRandom.current().nextDouble() / 10)));
  }

  /** Only whole seconds are understood; a date is left to the usual pause. */
  private static Duration retryAfter(HttpResponse<Void> answer) {
    return answer
        .headers()
        .firstValue("retry-after")
        .filter(v -> v.matches("[0-9]{1,5}"))
        .map(v -> Duration.ofSeconds(Long.parseLong(v)))
        .orElse(Duration.ZERO);
  }

  private void pause(long millis) throws InterruptedException {
    boolean unused = stopping.await(millis, TimeUnit.MILLISECONDS);
  }
}
