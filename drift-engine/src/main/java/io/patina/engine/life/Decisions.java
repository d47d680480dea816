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
import java.util.TreeMap;
import java.util.UUID;

/**
 * Tells other engines what people decided about baselines, and takes up what others told. What a
 * signature alone decides is not told: whoever reads the statement decides the same.
 */
public final class Decisions {

  /** As {@link By#means} of what no person decided. */
  static final String SIGNATURE = "signature";

  // As a rollout ends; its room lies above this one.
  private static final String FINISHED = "finished";
  private static final String ROLLED_BACK = "rolled-back";

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
      tellAnyway(c, statement, by, why);
    }
  }

  /**
   * Tells that another version has taken the place of an active one. A signature's doing is told,
   * too, if a person's word on it is the last that was told: it would stay the last.
   */
  static void overruled(Connection c, Digest statement, By by, String why) throws SQLException {
    if (!by.means().equals(SIGNATURE) || DecidedTable.isDecided(c, statement)) {
      tellAnyway(c, statement, by, why);
    }
  }

  private static void tellAnyway(Connection c, Digest statement, By by, String why)
      throws SQLException {
    Decided decided = DecidedTable.decide(c, statement, by.subject(), by.means(), why);
    put(c, Topics.DECISIONS, statement, decided.json());
  }

  private static void put(Connection c, String topic, Digest statement, String text)
      throws SQLException {
    byte[] key = statement.bytes().toByteArray();
    // Of one statement in order.
    int shard = Outbox.shard(topic, UUID.nameUUIDFromBytes(key));
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

  /**
   * An approval as the topic told it.
   *
   * @param submittedBy who handed the baseline in
   */
  public record Approval(Instant at, Optional<String> submittedBy, String approver) {

    /** Whether it may be taken over: its author, as the signed statement says, gave none. */
    public boolean isAnothersThan(String author) {
      return !FourEyes.same(author, submittedBy, approver);
    }

    static Optional<Approval> of(Decided told) {
      Instant at = told.approvedAt();
      String approver = told.approvedBy();
      return Stage.of(told.stage()) == Stage.DRAFT || at == null || approver == null
          ? Optional.empty()
          : Optional.of(new Approval(at, Optional.ofNullable(told.submittedBy()), approver));
    }
  }

  /** How the statement was approved, as the topic told; empty if it is a draft. */
  public static Optional<Approval> approval(Connection c, Digest statement) throws SQLException {
    return DecidedTable.told(c, statement).flatMap(Approval::of);
  }

  /** How taking up ended. */
  public sealed interface Restored {}

  /** It is there now. */
  public record Restoration(String name, String version, Stage stage) implements Restored {}

  /** Nothing newer is known than what is here, or not all that it takes. */
  public record NothingNew() implements Restored {}

  /** The topic calls it by another name than its statement does. */
  public record Misnamed(String name, String version) implements Restored {}

  /** Its author approved it: that is not taken over. */
  public record OwnWork(String name, String version, String author) implements Restored {}

  /**
   * Takes up what the topic told of a statement, if it is later than what was decided here, in the
   * transaction that is under way. A rollout that was under way begins anew as approved: how far it
   * had come is not told. An active version waits as long as a later one is active by its signature
   * alone: see {@link #waiting}.
   */
  public static Restored restore(Connection c, Digest statement) throws SQLException {
    LifeTable.lock(c);
    Optional<LifeTable.Row> row = LifeTable.find(c, statement);
    Optional<Decided> news = DecidedTable.news(c, statement);
    if (row.isEmpty() || news.isEmpty()) {
      return new NothingNew();
    }
    Decided told = news.get();
    Claim claim = row.get().claim();
    if (!claim.name().equals(told.name()) || !claim.version().equals(told.version())) {
      return new Misnamed(claim.name(), claim.version());
    }
    Stage stage = Stage.of(told.stage());
    if (stage == Stage.ROLLING_OUT) {
      stage = Stage.APPROVED;
    }
    if ((stage == Stage.APPROVED || stage == Stage.ACTIVE) && !row.get().fetched()) {
      return new NothingNew();
    }
    String author = row.get().author();
    boolean approved = stage != Stage.DRAFT && stage != Stage.RETIRED;
    if (approved
        && Approval.of(told).filter(approval -> approval.isAnothersThan(author)).isEmpty()) {
      return new OwnWork(claim.name(), claim.version(), author);
    }
    By by = new By(told.subject(), "topic");
    if (stage == Stage.ACTIVE) {
      if (DecidedTable.isOutrun(c, statement)) {
        return new NothingNew();
      }
      makeWay(c, row.get(), by);
    }
    DecidedTable.restore(c, statement, told, stage);
    Map<String, String> data = new TreeMap<>();
    data.put("to", stage.wireName());
    data.put("decidedAt", told.decidedAt().toString());
    data.put("means", told.means());
    String ended = stage == Stage.ACTIVE ? FINISHED : ROLLED_BACK;
    if (DecidedTable.endRollout(c, statement, ended)) {
      data.put("rollout", ended);
    }
    AuditTable.append(
        c,
        new Decision(
            by, "baseline.restored", Life.thing(claim.name(), claim.version()), told.why(), data));
    return new Restoration(claim.name(), claim.version(), stage);
  }

  /** Other versions make way for one that is active; their own decisions may come later. */
  private static void makeWay(Connection c, LifeTable.Row row, By by) throws SQLException {
    String name = row.claim().name();
    String why = "in favour of " + row.claim().version();
    for (LifeTable.Row other : LifeTable.active(c, name, row.statement())) {
      LifeTable.move(c, other.statement(), Stage.SUPERSEDED);
      audit(c, other, by, "baseline.superseded", why);
    }
    for (LifeTable.Row other : LifeTable.rollingOut(c, name, row.statement())) {
      LifeTable.move(c, other.statement(), Step.ROLL_BACK.to());
      boolean unused = DecidedTable.endRollout(c, other.statement(), ROLLED_BACK);
      audit(c, other, by, "baseline." + Step.ROLL_BACK.action(), why);
    }
  }

  private static void audit(Connection c, LifeTable.Row row, By by, String action, String why)
      throws SQLException {
    String thing = Life.thing(row.claim().name(), row.claim().version());
    AuditTable.append(c, new Decision(by, action, thing, why, Map.of()));
  }

  /**
   * Versions that are active as the topic told, and waited for another of their name to make way.
   */
  public static List<Digest> waiting(Connection c, String name) throws SQLException {
    return DecidedTable.notYetActive(c, name);
  }
}
