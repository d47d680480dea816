package io.patina.engine.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.engine.database.Transactions;
import io.patina.engine.decisions.Keeping;
import io.patina.engine.history.Event;
import io.patina.engine.history.EventIds;
import io.patina.engine.ingest.Lane.FenceLost;
import io.patina.engine.retirement.Retirement;
import io.patina.engine.retirement.RetirementTable;
import io.patina.engine.state.Installation;
import io.patina.engine.waivers.Waiver;
import io.patina.engine.waivers.WaiverTable;
import io.patina.engine.webhooks.WebhookTable;
import io.patina.engine.webhooks.Webhooks;
import io.patina.facts.Escaped;
import io.patina.wire.Topics;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Lets hosts follow what people decide: under the fence of their partition they are judged anew, or
 * retired. Tells of waivers that end.
 */
@Singleton
public final class DecisionTimers {

  /** Hosts in one transaction. */
  private static final int BATCH = 200;

  /** How often waivers that end are looked for. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Transactions transactions;
  private final Slices slices;
  private final Judging judging;
  private final Webhooks webhooks;
  private final Clock clock;
  private volatile Instant nextLook = Instant.MIN;

  public DecisionTimers(
      Transactions transactions, Slices slices, Judging judging, Webhooks webhooks, Clock clock) {
    this.transactions = transactions;
    this.slices = slices;
    this.judging = judging;
    this.webhooks = webhooks;
    this.clock = clock;
  }

  /** Lets hosts of a partition follow decisions that they have not followed yet. */
  public void follow(Lane lane) throws SQLException, FenceLost {
    tell();
    DecisionProgress progress = lane.decisions();
    if (!progress.isUnderWay()) {
      transactions.perform(c -> progress.look(c, lane));
      if (!progress.isUnderWay()) {
        return;
      }
    }
    List<UUID> batch = progress.next(BATCH);
    slices.run(
        lane,
        lane.position(),
        work -> {
          slices.load(lane, work, batch);
          for (UUID id : batch) {
            Optional<Host> host = slices.host(lane, work, id);
            if (host.isPresent()) {
              follow(host.get(), work);
            }
          }
          progress.write(work.connection(), lane, batch.size());
        });
    progress.done(batch.size());
  }

  private void follow(Host host, SliceWork work) throws SQLException {
    Installation i = host.installation();
    Optional<Retirement> over = RetirementTable.take(work.connection(), i.id(), work.now());
    if (over.isPresent() && !i.isRetired()) {
      i.announced(new Installation.Announced(Installation.Announced.RETIRED, work.now()));
      ObjectNode data = SliceWork.data();
      data.put("hostname", i.machine().hostname());
      data.put("by", Escaped.text(over.get().by()));
      data.put("reason", Escaped.text(over.get().reason()));
      work.event(
          new Event(
              EventIds.of(i.id(), Event.HOST_RETIRED, over.get().id()),
              i.host(),
              i.id(),
              Event.HOST_RETIRED,
              work.now(),
              data));
    }
    judging.judge(host, work, true);
  }

  /** Tells of waivers that expire soon, and of those that are over; of each once. */
  private void tell() throws SQLException {
    Instant now = clock.instant();
    if (now.isBefore(nextLook)) {
      return;
    }
    nextLook = now.plus(LOOK);
    transactions.perform(
        c -> {
          for (Waiver w : WaiverTable.takeSoon(c, now)) {
            tell(c, w, Event.WAIVER_EXPIRING, now, webhooks.isOn());
          }
          for (Waiver w : WaiverTable.takeEnded(c, now)) {
            tell(c, w, Event.WAIVER_EXPIRED, now, false);
          }
        });
  }

  private static void tell(Connection c, Waiver w, String kind, Instant now, boolean call)
      throws SQLException {
    ObjectNode data = SliceWork.data();
    data.put("waiver", w.id().toString());
    data.put("pattern", w.pattern().text());
    data.put("hosts", w.extent().text());
    data.put("reason", Escaped.text(w.reason()));
    data.put("ticket", Escaped.text(w.ticket()));
    data.put("owner", Escaped.text(w.owner()));
    data.put("expires", w.expiresAt().toString());
    UUID event = EventIds.of(w.id(), kind);
    byte[] body = Keeping.cloudEvent(kind, event, "waiver/" + w.id(), now, data);
    Keeping.send(c, Topics.DRIFT_EVENTS, w.id(), event, body);
    if (call) {
      WebhookTable.enqueue(c, event, w.id(), body);
    }
  }
}
