package io.patina.engine.life;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.outbox.Outbox;
import io.patina.engine.outbox.Outgoing;
import io.patina.manifest.Digest;
import io.patina.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells other engines what people decided about baselines, and takes up what others told. What a
 * signature alone decides is not told: whoever reads the statement decides the same.
 */
public final class Decisions {

  /** As {@link By#means} of what no person decided. */
  static final String SIGNATURE = "signature";

  private Decisions() {}

  /** Tells of a baseline that a person handed in: the statement, and who that was. */
  public static void handedIn(Connection c, Digest statement, String envelope, By by)
      throws SQLException {
    put(c, Topics.BASELINES, statement, envelope);
    tell(c, statement, by, "");
  }

  /** Tells of a step that has just been taken, in its transaction. */
  static void tell(Connection c, Digest statement, By by, String why) throws SQLException {
    if (!by.means().equals(SIGNATURE)) {
      Decided decided = DecidedTable.decide(c, statement, by.subject(), by.means(), why);
      put(c, Topics.DECISIONS, statement, decided.json());
    }
  }

  private static void put(Connection c, String topic, Digest statement, String text)
      throws SQLException {
    byte[] key = statement.bytes().toByteArray();
    // Of one statement in order.
    int shard = Outbox.shard(UUID.nameUUIDFromBytes(key));
    Outbox.insert(
        c,
        List.of(new Outgoing(shard, topic, key, Map.of(), text.getBytes(StandardCharsets.UTF_8))));
  }

  /**
   * Keeps what the topic told.
   *
   * @return the statement that it is about; empty if it is about something else
   * @throws IOException if it is no decision
   */
  public static Optional<Digest> told(Connection c, byte[] json) throws IOException, SQLException {
    Optional<Decided> decided = Decided.of(json);
    if (decided.isPresent()) {
      DecidedTable.told(c, decided.get());
    }
    return decided.map(d -> Digest.ofHex(d.statement()));
  }

  /** When the statement was approved, as the topic told. */
  public static Optional<Instant> approvedAt(Connection c, Digest statement) throws SQLException {
    return DecidedTable.told(c, statement).map(Decided::approvedAt);
  }

  /** How taking up ended. */
  public sealed interface Restored {}

  /** It is there now. */
  public record Restoration(String name, String version, Stage stage) implements Restored {}

  /** Nothing newer is known than what is here, or not all that it takes. */
  public record NothingNew() implements Restored {}

  /** Its author approved it: that is not taken over. */
  public record OwnWork(String name, String version, String author) implements Restored {}

  /**
   * Takes up what the topic told of a statement, if it is later than what was decided here, in the
   * transaction that is under way. A rollout that was under way begins anew as approved: how far it
   * had come is not told.
   */
  public static Restored restore(Connection c, Digest statement) throws SQLException {
    LifeTable.lock(c);
    Optional<LifeTable.Row> row = LifeTable.find(c, statement);
    Optional<Decided> news = DecidedTable.news(c, statement);
    if (row.isEmpty() || news.isEmpty()) {
      return new NothingNew();
    }
    Decided told = news.get();
    Stage stage = Stage.of(told.stage());
    if (stage == Stage.ROLLING_OUT) {
      stage = Stage.APPROVED;
    }
    if ((stage == Stage.APPROVED || stage == Stage.ACTIVE) && !row.get().fetched()) {
      return new NothingNew();
    }
    String approver = told.approvedBy();
    String author = row.get().author();
    boolean approved = stage != Stage.DRAFT && stage != Stage.RETIRED;
    if (approved
        && (approver == null
            || FourEyes.same(author, Optional.ofNullable(told.submittedBy()), approver))) {
      return new OwnWork(told.name(), told.version(), author);
    }
    if (stage == Stage.ACTIVE) {
      for (LifeTable.Row other : LifeTable.active(c, told.name(), statement)) {
        // Its own decision says the same, and may come later.
        LifeTable.move(c, other.statement(), Stage.SUPERSEDED);
      }
    }
    DecidedTable.restore(c, statement, told, stage);
    AuditTable.append(
        c,
        new Decision(
            new By(told.subject(), "topic"),
            "baseline.restored",
            Life.thing(told.name(), told.version()),
            told.why(),
            Map.of(
                "to", stage.wireName(),
                "decidedAt", told.decidedAt().toString(),
                "means", told.means())));
    return new Restoration(told.name(), told.version(), stage);
  }
}
