package io.patina.engine.pages;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Which hosts have changed, as it happens, whichever replica wrote it.
 *
 * <p>While a page is open somewhere, the events recorded in the last seconds are counted by host a
 * few times a second; a host whose count or last ordinal is new has changed. This looks back
 * further than a transaction lasts, because rows become visible in another order than they were
 * numbered. LISTEN/NOTIFY would save the question, but takes a lock that lets only one transaction
 * of the whole database commit at a time, ingest included.
 */
@Singleton
class Changes {

  private static final Logger LOG = Logger.getLogger(Changes.class);

  /** Half of it on average is what an open page lags behind the database. */
  private static final long POLL_MILLIS = 150;

  private static final String RECENT =
      """
      select host::text as host, count(*) as events, max(ordinal) as last
      from event
      where recorded_at > now() - interval '10 seconds'
      group by host
      limit 10000
      """;

  private final DataSource database;
  private final BroadcastProcessor<Set<String>> changed = BroadcastProcessor.create();
  private final AtomicInteger listeners = new AtomicInteger();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("patina-changes").factory());
  private final ScheduledFuture<?> looking;
  private Map<String, Seen> before = Map.of();
  private boolean away;

  private record Seen(long events, long last) {}

  Changes(DataSource database) {
    this.database = database;
    looking =
        clock.scheduleWithFixedDelay(this::look, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
  }

  @PreDestroy
  void stop() {
    looking.cancel(true);
    clock.shutdownNow();
    changed.onComplete();
  }

  /** Ids of hosts that have changed, for as long as somebody listens. Slow readers miss some. */
  Multi<Set<String>> hosts() {
    return changed
        .onSubscription()
        .invoke(listeners::incrementAndGet)
        .onTermination()
        .invoke(listeners::decrementAndGet)
        .onOverflow()
        .dropPreviousItems();
  }

  private void look() {
    if (listeners.get() == 0) {
      // The first look after this tells what the last seconds brought: more than needed, never
      // less.
      before = Map.of();
      return;
    }
    try {
      Map<String, Seen> now = recent();
      tell(now);
      before = now;
      away = false;
    } catch (SQLException | RuntimeException e) {
      // The schedule must outlive an outage of the database; pages show what they have.
      if (!away) {
        LOG.warnf("changes-not-seen reason=%s", e.getMessage());
      }
      away = true;
    }
  }

  private void tell(Map<String, Seen> now) {
    Set<String> hosts = new HashSet<>();
    now.forEach(
        (host, seen) -> {
          Seen known = before.get(host);
          if (known == null || seen.last() > known.last() || seen.events() > known.events()) {
            hosts.add(host);
          }
        });
    if (!hosts.isEmpty()) {
      changed.onNext(hosts);
    }
  }

  private Map<String, Seen> recent() throws SQLException {
    try (Connection c = database.getConnection();
        PreparedStatement s = c.prepareStatement(RECENT);
        ResultSet r = s.executeQuery()) {
      Map<String, Seen> seen = new HashMap<>();
      while (r.next()) {
        seen.put(r.getString("host"), new Seen(r.getLong("events"), r.getLong("last")));
      }
      return seen;
    }
  }
}
