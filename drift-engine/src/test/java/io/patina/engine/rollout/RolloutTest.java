package io.patina.engine.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.manifest.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RolloutTest {

  private static final Digest SOME = Digest.of(ByteString.copyFromUtf8("some"));
  private static final List<UUID> HOSTS = hosts();

  @Test
  void raisingThePercentageOnlyAddsHosts() throws Exception {
    UUID id = new UUID(1, 2);
    for (int percent = 2; percent <= 100; percent++) {
      Rollout less = rollout(id, percent(percent - 1));
      Rollout more = rollout(id, percent(percent));
      for (UUID host : HOSTS) {
        if (less.waveOf(host, Map.of()) == 1) {
          assertEquals(1, more.waveOf(host, Map.of()));
        }
      }
    }
    assertEquals(HOSTS.size(), count(rollout(id, percent(100))));
  }

  @Test
  void aTenthIsAboutATenthAndAnotherOneInAnotherRollout() throws Exception {
    Rollout one = rollout(new UUID(1, 2), percent(10));
    Rollout other = rollout(new UUID(1, 3), percent(10));
    // 2,000 hosts, drawn once for all: 200, give or take four times the deviation of such draws.
    assertTrue(Math.abs(count(one) - 200) < 54, "are " + count(one));
    assertNotEquals(
        HOSTS.stream().filter(h -> one.waveOf(h, Map.of()) == 1).toList(),
        HOSTS.stream().filter(h -> other.waveOf(h, Map.of()) == 1).toList());
  }

  @Test
  void aHostIsOfTheFirstWaveThatIsForIt() throws Exception {
    Rollout r =
        rollout(
            new UUID(1, 2),
            labels(Map.of("ring", "canary")),
            percent(50),
            labels(Map.of("site", "b", "ring", "x")));
    for (UUID host : HOSTS) {
      assertEquals(1, r.waveOf(host, Map.of("ring", "canary", "site", "b")));
      int broad = r.waveOf(host, Map.of("ring", "x", "site", "b"));
      assertTrue(broad == 2 || broad == 3);
      int none = r.waveOf(host, Map.of("ring", "x"));
      assertEquals(broad == 2 ? 2 : 0, none);
    }
  }

  @Test
  void aPlanThatCannotBeMeantIsRefusedNamingTheWave() throws Exception {
    refused("A rollout has 1 to 100 waves.", List.of());
    refused("Wave 2: percent is more than", List.of(percent(50), percent(50)));
    refused("Wave 1: percent is more than", List.of(percent(101)));
    refused("Wave 1: give either", List.of(labels(Map.of())));
    refused(
        "Wave 1: within is",
        List.of(new Plan.Asked(OptionalInt.of(5), Map.of(), Duration.ofDays(366))));
  }

  private static void refused(String why, List<Plan.Asked> waves) {
    Plan.Unusable e = assertThrows(Plan.Unusable.class, () -> Plan.of(waves, false));
    assertTrue(String.valueOf(e.getMessage()).startsWith(why), e.getMessage());
  }

  private static long count(Rollout r) {
    return HOSTS.stream().filter(h -> r.waveOf(h, Map.of()) == 1).count();
  }

  private static Plan.Asked percent(int percent) {
    return new Plan.Asked(OptionalInt.of(percent), Map.of(), Duration.ofHours(1));
  }

  private static Plan.Asked labels(Map<String, String> labels) {
    return new Plan.Asked(OptionalInt.empty(), labels, Duration.ofHours(1));
  }

  private static Rollout rollout(UUID id, Plan.Asked... waves) throws Exception {
    return new Rollout(
        id,
        "web",
        SOME,
        "1",
        SOME,
        "2",
        Rollout.State.UNDER_WAY,
        1,
        false,
        Instant.EPOCH,
        "olga",
        null,
        1,
        Plan.of(List.of(waves), false).waves());
  }

  private static List<UUID> hosts() {
    Random random = new Random(7);
    List<UUID> hosts = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      hosts.add(new UUID(random.nextLong(), random.nextLong()));
    }
    return hosts;
  }
}
