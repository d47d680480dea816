package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.engine.Configured;
import io.patina.engine.catalogue.BaselinePolicy;
import io.patina.engine.deviations.CauseConfig;
import io.patina.engine.deviations.CauseRules;
import io.patina.engine.ingest.PureEngine.Message;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.judge.WeighingJudge;
import io.patina.policy.CompiledPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The judge without a database: hundreds of hosts, each with its own random reports, duplicates,
 * loss, lateness, clones, rebalances and restores. The history of verdicts is that of {@link
 * SimulatedHost}; nothing flaps; what was so at a moment is what a replay up to it says.
 */
class JudgeSimulationTest {

  private static final int HOSTS = 400;
  private static final int EVENTS = 80;
  private static final Instant BEGINNING = Instant.parse("2026-11-22T12:00:00Z");
  private static final List<String> PATHS = VerdictModelIT.PATHS;

  private final JudgeConfig config = Configured.with(JudgeConfig.class, Map.of());
  private final CauseRules rules = new CauseRules(Configured.with(CauseConfig.class, Map.of()));
  private final WeighingJudge judge = new WeighingJudge(config);
  private final Set<String> happened = new TreeSet<>();

  /** A report and when it arrives. */
  private record Arriving(Message message, Instant at) {}

  /** One host: what it is, what it says, what has to be said of it, and who says it. */
  private final class One {
    private final Random random;
    private final UUID id;
    private final BaselinePolicy policy;
    private final SimulatedHost model = new SimulatedHost();
    private final PureEngine engine;
    private final Map<String, String> differs = new TreeMap<>();
    private final List<Arriving> log = new ArrayList<>();
    private UUID incarnation;
    private long sequence;
    private boolean lost;
    private Instant now = BEGINNING;

    One(long seed, BaselinePolicy policy) {
      this.random = new Random(seed);
      this.id = new UUID(random.nextLong(), random.nextLong());
      this.policy = policy;
      this.engine = new PureEngine(id, judge, config, rules, policy);
      this.incarnation = new UUID(random.nextLong(), random.nextLong());
    }

    Message message(boolean snapshot, @Nullable String path, @Nullable String value, Instant made) {
      return new Message(
          incarnation,
          ++sequence,
          ByteString.copyFromUtf8("%016x".formatted(random.nextLong())),
          snapshot,
          path,
          value,
          Map.copyOf(differs),
          made);
    }

    void arrive(Message m) {
      engine.take(m, now);
      log.add(new Arriving(m, now));
      if (random.nextInt(8) == 0) {
        happened.add("duplicate");
        engine.take(m, now);
        log.add(new Arriving(m, now));
      }
    }

    void live() {
      for (int i = 0; i < EVENTS; i++) {
        pass(random.nextInt(40) == 0 ? random.nextInt(2400) : 1 + random.nextInt(120));
        act();
        model.judge(now);
      }
      pass(900);
    }

    private void pass(int seconds) {
      for (int i = 0; i < seconds; i++) {
        now = now.plusSeconds(1);
        boolean looked = now.getEpochSecond() % 60 == 0;
        if (looked) {
          model.looked(now);
        }
        engine.pass(now, looked);
        if (!log.isEmpty()) {
          model.judge(now);
        }
      }
    }

    private void act() {
      if (log.isEmpty()) {
        PATHS.stream().filter(p -> random.nextInt(6) == 0).forEach(p -> differs.put(p, "other"));
        arrive(message(true, null, null, now));
        model.snapshot(differs.keySet(), true, now);
        model.asked(false, now);
        return;
      }
      if (random.nextInt(10) == 0) {
        happened.add("rebalance");
        engine.rebalance();
      }
      boolean late = random.nextInt(8) == 0;
      Instant made = late ? now.minusSeconds(70 + random.nextInt(3000)) : now;
      int dice = random.nextInt(lost ? 4 : 14);
      if (late && dice != 7 && dice != 8) {
        happened.add("late");
      } else {
        made = now;
        late = false;
      }
      boolean silent = model.isSilent();
      switch (dice) {
        case 0, 1 -> {
          happened.add("heartbeat");
          boolean first = lost && !model.isOutOfSync();
          arrive(message(false, null, null, made));
          if (lost) {
            model.gap(now);
          } else {
            model.heartbeat(now);
          }
          said(silent || first, late);
        }
        case 2 -> {
          happened.add("snapshot");
          arrive(message(true, null, null, made));
          lost = false;
          model.snapshot(differs.keySet(), false, now);
          said(true, late);
        }
        case 3 -> {
          happened.add("restart");
          restart();
          arrive(message(true, null, null, made));
          lost = false;
          model.restarted(now);
          model.snapshot(differs.keySet(), false, now);
          said(true, late);
        }
        case 4 -> {
          happened.add("loss");
          String path = path();
          change(path, differs.containsKey(path) ? null : "lost");
          Message unused = message(false, path, differs.get(path), now);
          lost = true;
        }
        case 5 -> {
          happened.add("clone");
          arrive(message(false, null, null, made));
          model.heartbeat(now);
          said(silent, late);
          contradict();
        }
        case 6 -> {
          happened.add("restore");
          arrive(message(false, null, null, made));
          arrive(message(false, null, null, made));
          model.heartbeat(now);
          said(silent, late);
          sequence--;
          contradict();
          restart();
          arrive(message(true, null, null, now));
          model.snapshot(differs.keySet(), false, now);
          said(true, false);
        }
        default -> {
          happened.add("delta");
          String path = path();
          String before = differs.get(path);
          change(path, random.nextInt(5) < 2 ? "other " + random.nextInt(3) : null);
          String after = differs.get(path);
          arrive(message(false, path, after, made));
          model.changed(path, after != null, now);
          said(silent || !java.util.Objects.equals(before, after), late);
        }
      }
    }

    private void said(boolean asks, boolean late) {
      model.came(asks, late, now);
      model.judge(now);
    }

    /** Another machine says something else under the last number. */
    private void contradict() {
      boolean asks = !model.isContradicted();
      sequence--;
      Message strange = message(false, null, null, now);
      engine.take(strange, now);
      log.add(new Arriving(strange, now));
      model.contradicted(now);
      if (asks) {
        model.asked(model.isLate(), now);
      }
    }

    private void restart() {
      incarnation = new UUID(random.nextLong(), random.nextLong());
      sequence = 0;
    }

    private String path() {
      return PATHS.get(random.nextInt(PATHS.size()));
    }

    private void change(String path, @Nullable String value) {
      if (value == null) {
        var unused = differs.remove(path);
      } else {
        differs.put(path, value);
      }
    }

    /** What an engine says that reads the whole log anew, up to a moment. */
    PureEngine replay(Instant until) {
      PureEngine again = new PureEngine(id, judge, config, rules, policy);
      int next = 0;
      for (Instant t = BEGINNING; !t.isAfter(until); t = t.plusSeconds(1)) {
        again.pass(t, t.getEpochSecond() % 60 == 0);
        while (next < log.size() && log.get(next).at().equals(t)) {
          again.take(log.get(next).message(), t);
          next++;
        }
      }
      return again;
    }
  }

  @Test
  void hundredsOfHostsAreJudgedAsASimpleModelSaysAndNothingFlaps() throws Exception {
    BaselinePolicy policy = new BaselinePolicy.Brought(CompiledPolicy.of(VerdictModelIT.POLICY));
    Set<String> verdicts = new HashSet<>();
    long told = 0;
    for (int i = 0; i < HOSTS; i++) {
      One one = new One(7_000 + i, policy);
      one.live();
      assertEquals(one.model.history(), one.engine.history(), "host " + i);
      assertEquals(0, one.model.flaps(), () -> "flaps: " + one.model.history());
      assertEquals(
          one.engine.notified().size(),
          new HashSet<>(one.engine.notified().stream().map(n -> n.split(" ", 2)[0]).toList())
              .size(),
          "a group is told once, whoever takes over");
      told += one.engine.notified().size();
      if (i % 8 == 0) {
        Instant moment = BEGINNING.plusSeconds(one.random.nextInt(6_000));
        assertEquals(upTo(one.engine.history(), moment), one.replay(moment).history());
      }
      one.engine.history().forEach(h -> verdicts.add(h.split(" ", 2)[0]));
    }
    assertEquals(Set.of("conforming", "drifting", "artisanal", "unobserved"), verdicts);
    assertTrue(told > HOSTS, "only " + told + " groups were told");
    assertEquals(
        Set.of(
            "clone",
            "delta",
            "duplicate",
            "heartbeat",
            "late",
            "loss",
            "rebalance",
            "restart",
            "restore",
            "snapshot"),
        happened);
  }

  private static List<String> upTo(List<String> history, Instant moment) {
    return history.stream()
        .filter(h -> Long.parseLong(h.split(" ", 2)[1]) <= moment.getEpochSecond())
        .toList();
  }
}
