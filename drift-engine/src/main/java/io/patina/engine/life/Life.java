package io.patina.engine.life;

import io.patina.engine.audit.AuditTable;
import io.patina.engine.audit.By;
import io.patina.engine.audit.Decision;
import io.patina.engine.database.Transactions;
import io.patina.manifest.Digest;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Takes baselines from stage to stage. */
@Singleton
public final class Life {

  /** How a step ended. */
  public sealed interface Outcome {}

  /** It is there now. */
  public record Done(Stage stage) implements Outcome {}

  /** No such baseline. */
  public record Unknown() implements Outcome {}

  /** Nothing leads there from where it is. */
  public record Impossible(Stage stage) implements Outcome {}

  /** Its manifest is in no configured store yet. */
  public record ManifestMissing(String manifest) implements Outcome {}

  /** Who approves wrote it, or handed it in. */
  public record OwnWork(String author) implements Outcome {}

  /** Another version of that name is being rolled out: that goes first. */
  public record UnderWay(String version) implements Outcome {}

  /** No version of that name is active, which hosts could be of until they are of this one. */
  public record NothingBefore() implements Outcome {}

  /** Nobody who is trusted signs it any more: hosts would not be held against it. */
  public record Untrusted(String reason) implements Outcome {}

  /** Others are as much for the same hosts: {@code NAME VERSION} each. */
  public record Ambiguous(int precedence, List<String> rivals) implements Outcome {
    public Ambiguous {
      rivals = List.copyOf(rivals);
    }
  }

  /**
   * What somebody wants.
   *
   * @param why for the audit history
   * @param precedence on approval: which goes first where several select a host; empty for the
   *     selector's own
   */
  public record Wish(Step step, By by, String why, Optional<Integer> precedence) {}

  private static final int RIVALS_NAMED = 5;

  private final Transactions transactions;

  private final Signatures signatures;

  public Life(Transactions transactions, Signatures signatures) {
    this.transactions = transactions;
    this.signatures = signatures;
  }

  /** Takes a step; hosts follow within seconds. */
  public Outcome take(String name, String version, Wish wish) throws SQLException {
    return transactions.run(c -> take(c, name, version, wish));
  }

  /** Holds the catalogue until the transaction ends: one step after the other. */
  public static void lock(Connection c) throws SQLException {
    LifeTable.lock(c);
  }

  /** Takes a step in the transaction that is under way; holds the catalogue until it ends. */
  public Outcome take(Connection c, String name, String version, Wish wish) throws SQLException {
    LifeTable.lock(c);
    Optional<LifeTable.Row> row = LifeTable.find(c, name, version);
    if (row.isEmpty()) {
      return new Unknown();
    }
    boolean rests = wish.step().relies() && wish.step().from().contains(row.get().stage());
    Optional<String> refused =
        rests
            ? signatures.refused(c, row.get().statement(), wish.step() == Step.APPROVE)
            : Optional.empty();
    return refused.isPresent() ? new Untrusted(refused.get()) : take(c, row.get(), wish);
  }

  /**
   * Approves and activates a draft on the strength of its signature alone, in the transaction that
   * is under way. An older version than the active one is superseded at once: a topic that is read
   * anew brings them in any order.
   */
  public static Outcome bySignature(Connection c, Digest statement) throws SQLException {
    LifeTable.lock(c);
    Optional<LifeTable.Row> row = LifeTable.find(c, statement);
    if (row.isEmpty()) {
      return new Unknown();
    }
    By by = new By(Decisions.SIGNATURE, Decisions.SIGNATURE);
    String why = "signed by a trusted key";
    Outcome approved = take(c, row.get(), new Wish(Step.APPROVE, by, why, Optional.empty()));
    if (!(approved instanceof Done)) {
      return approved;
    }
    if (LifeTable.laterIsActive(c, statement)) {
      supersede(c, row.get(), by, "a later version is active");
      return new Done(Stage.SUPERSEDED);
    }
    LifeTable.Row now = LifeTable.find(c, statement).orElseThrow();
    return take(c, now, new Wish(Step.ACTIVATE, by, why, Optional.empty()));
  }

  private static Outcome take(Connection c, LifeTable.Row row, Wish wish) throws SQLException {
    if (!wish.step().from().contains(row.stage())) {
      return new Impossible(row.stage());
    }
    Optional<String> other =
        LifeTable.rollingOut(c, row.claim().name(), row.statement()).stream()
            .map(o -> o.claim().version())
            .findFirst();
    boolean moves = wish.step() != Step.APPROVE && wish.step() != Step.RETIRE;
    if (other.isPresent() && (moves || row.stage() == Stage.ACTIVE)) {
      return new UnderWay(other.get());
    }
    return switch (wish.step()) {
      case APPROVE -> approve(c, row, wish);
      case ACTIVATE, FINISH -> activate(c, row, wish);
      case ROLL_OUT ->
          LifeTable.active(c, row.claim().name(), row.statement()).isEmpty()
              ? new NothingBefore()
              : unlessRivals(c, row, wish);
      case ROLL_BACK, RETIRE -> {
        move(c, row, wish, Map.of());
        yield new Done(wish.step().to());
      }
    };
  }

  private static Outcome approve(Connection c, LifeTable.Row row, Wish wish) throws SQLException {
    if (!row.fetched()) {
      return new ManifestMissing(row.manifest());
    }
    if (FourEyes.same(row.author(), row.submittedBy(), wish.by().subject())) {
      return new OwnWork(row.author());
    }
    Claim own = row.claim();
    int precedence = wish.precedence().orElse(own.precedence());
    Claim claim =
        new Claim(
            own.name(), own.version(), own.installation(), own.labels(), own.scopes(), precedence);
    List<String> rivals = rivals(c, claim);
    if (!rivals.isEmpty()) {
      return new Ambiguous(precedence, rivals);
    }
    LifeTable.approve(c, row.statement(), wish.by().subject(), precedence);
    move(c, row, wish, Map.of("precedence", String.valueOf(precedence)));
    return new Done(Stage.APPROVED);
  }

  private static Outcome activate(Connection c, LifeTable.Row row, Wish wish) throws SQLException {
    List<LifeTable.Row> before = LifeTable.active(c, row.claim().name(), row.statement());
    Outcome outcome = unlessRivals(c, row, wish);
    if (outcome instanceof Done) {
      for (LifeTable.Row old : before) {
        supersede(c, old, wish.by(), "in favour of " + row.claim().version());
      }
    }
    return outcome;
  }

  /** One that was superseded may meet others that were approved in the meantime. */
  private static Outcome unlessRivals(Connection c, LifeTable.Row row, Wish wish)
      throws SQLException {
    if (!row.fetched()) {
      // It was superseded before the database was lost, and its manifest with it.
      return new ManifestMissing(row.manifest());
    }
    List<String> rivals = rivals(c, row.claim());
    if (!rivals.isEmpty()) {
      return new Ambiguous(row.claim().precedence(), rivals);
    }
    move(c, row, wish, Map.of());
    return new Done(wish.step().to());
  }

  private static List<String> rivals(Connection c, Claim claim) throws SQLException {
    return LifeTable.peers(c, claim).stream()
        .map(LifeTable.Row::claim)
        .filter(claim::rivals)
        .map(r -> r.name() + " " + r.version())
        .sorted()
        .limit(RIVALS_NAMED)
        .toList();
  }

  private static void supersede(Connection c, LifeTable.Row row, By by, String why)
      throws SQLException {
    LifeTable.move(c, row.statement(), Stage.SUPERSEDED);
    AuditTable.append(
        c, new Decision(by, "baseline.superseded", thing(row.claim()), why, Map.of()));
    if (row.stage() == Stage.ACTIVE) {
      Decisions.overruled(c, row.statement(), by, why);
    }
  }

  private static void move(Connection c, LifeTable.Row row, Wish wish, Map<String, String> more)
      throws SQLException {
    LifeTable.move(c, row.statement(), wish.step().to());
    Map<String, String> data = new TreeMap<>(more);
    data.put("from", row.stage().wireName());
    data.put("to", wish.step().to().wireName());
    AuditTable.append(
        c,
        new Decision(
            wish.by(), "baseline." + wish.step().action(), thing(row.claim()), wish.why(), data));
    Decisions.tell(c, row.statement(), wish.by(), wish.why());
  }

  private static String thing(Claim claim) {
    return thing(claim.name(), claim.version());
  }

  /** What the audit history calls a baseline. */
  public static String thing(String name, String version) {
    return "baseline " + name + " " + version;
  }
}
