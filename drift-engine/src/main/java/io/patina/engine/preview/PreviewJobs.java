package io.patina.engine.preview;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Examines large fleets in the background, one after the other. The database knows how far each is,
 * so that every replica can tell and cancel.
 */
@Singleton
public class PreviewJobs {

  private static final Logger LOG = Logger.getLogger(PreviewJobs.class);

  /** How often the database is told, and asked whether to go on. */
  private static final Duration TELL = Duration.ofSeconds(1);

  private record Asked(UUID id, String name, String version, Preview.Bounds bounds) {}

  private final Transactions transactions;
  private final Preview preview;
  private final PreviewConfig config;
  private final BlockingQueue<Asked> waiting;
  private final ThreadPoolExecutor worker;
  private volatile boolean stopping;

  public PreviewJobs(Transactions transactions, Preview preview, PreviewConfig config) {
    this.transactions = transactions;
    this.preview = preview;
    this.config = config;
    this.waiting = new ArrayBlockingQueue<>(config.waiting());
    // A thread only while there is something to do; what waits is in a queue of its own.
    this.worker =
        new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(config.waiting() + 1),
            Thread.ofPlatform().name("preview").daemon(true).factory());
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    worker.shutdown();
  }

  /**
   * Begins one.
   *
   * @param perPool most hosts of each pool
   * @return empty if too many wait already
   */
  public Optional<UUID> start(String name, String version, int perPool, By by) throws SQLException {
    UUID id = UUID.randomUUID();
    Asked asked =
        new Asked(
            id, name, version, new Preview.Bounds(perPool, config.mostHosts(), config.most()));
    transactions.perform(
        c -> {
          PreviewTable.insert(c, id, name, version, by.subject());
          AuditTable.append(
              c,
              new Decision(
                  by,
                  "preview.started",
                  "preview " + id,
                  "",
                  Map.of("name", name, "version", version)));
        });
    if (stopping || !waiting.offer(asked)) {
      transactions.perform(c -> PreviewTable.failed(c, id, "Too many were waiting."));
      return Optional.empty();
    }
    worker.execute(this::next);
    return Optional.of(id);
  }

  /** How far one is. */
  public Optional<PreviewJob> find(UUID id) throws SQLException {
    return transactions.run(c -> PreviewTable.find(c, id));
  }

  /** Ends one; what has ended stays as it is. */
  public void cancel(UUID id, By by) throws SQLException {
    transactions.perform(
        c -> {
          if (PreviewTable.cancel(c, id)) {
            AuditTable.append(
                c, new Decision(by, "preview.cancelled", "preview " + id, "", Map.of()));
          }
        });
  }

  private void next() {
    Asked asked = waiting.poll();
    if (asked == null) {
      return;
    }
    try {
      if (transactions.run(c -> PreviewTable.progress(c, asked.id(), 0, null))) {
        examine(asked);
      } else {
        transactions.perform(c -> PreviewTable.cancelled(c, asked.id()));
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warnf("preview ended: %s", e.getMessage());
      fail(asked.id());
    }
  }

  private void examine(Asked asked) throws SQLException {
    long[] told = {System.nanoTime() - TELL.toNanos()};
    Preview.Outcome outcome =
        preview.inPeace(
            asked.name(),
            asked.version(),
            asked.bounds(),
            (examined, planned) -> {
              if (System.nanoTime() - told[0] < TELL.toNanos()) {
                return !stopping;
              }
              told[0] = System.nanoTime();
              List<UUID> others = waiting.stream().map(Asked::id).toList();
              return !stopping
                  && transactions.run(
                      c -> {
                        PreviewTable.heard(c, others);
                        return PreviewTable.progress(c, asked.id(), examined, planned);
                      });
            });
    transactions.perform(
        c -> {
          switch (outcome) {
            case Preview.Seen(Foreseen foreseen) -> PreviewTable.done(c, asked.id(), foreseen);
            case Preview.Unknown() ->
                PreviewTable.failed(
                    c, asked.id(), "No trusted baseline has this name and version.");
            case Preview.ManifestMissing m ->
                PreviewTable.failed(
                    c, asked.id(), "Its manifest " + m.manifest() + " is in no configured store.");
            case Preview.Busy() -> throw new IllegalStateException("it waits for its turn");
          }
        });
  }

  private void fail(UUID id) {
    try {
      transactions.perform(c -> PreviewTable.failed(c, id, "The engine failed; its log says why."));
    } catch (SQLException e) {
      // Whoever asks hears that nothing was heard of it.
      LOG.warnf("preview: %s", e.getMessage());
    }
  }
}
