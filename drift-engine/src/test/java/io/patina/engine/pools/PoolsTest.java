package io.patina.engine.pools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.engine.judge.Judgement;
import io.patina.engine.pools.Way.Item;
import io.patina.engine.state.Breakdown;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.verdict.Recommendation;
import io.patina.verdict.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PoolsTest {

  private static Item item(String facet, String key, String owner, String... attributes) {
    return new Item(
        facet,
        key,
        "changed " + key,
        owner.isEmpty() ? Optional.empty() : Optional.of(owner),
        List.of(attributes));
  }

  private static Way way(String signature, long hosts, Item... items) {
    Map<String, Item> all = new TreeMap<>();
    for (Item i : items) {
      all.put(i.facet() + " " + i.key(), i);
    }
    return new Way(signature, hosts, List.of(), all, true);
  }

  @Test
  void aPoolOfOneKindSaysSo() {
    assertEquals("All 3 hosts are as ordered.", Separation.sentence(List.of(way("", 3)), 3, 1));
    assertEquals(
        "All 3 hosts deviate alike.",
        Separation.sentence(List.of(way("aa", 3, item("file", "/x", ""))), 3, 1));
    assertEquals("The one host is as ordered.", Separation.sentence(List.of(way("", 1)), 1, 1));
    assertEquals("The one host deviates.", Separation.sentence(List.of(way("aa", 1)), 1, 1));
  }

  @Test
  void aFewThatDifferAreNamedByWhatSeparatesThem() {
    Item common = item("file", "/etc/hosts", "");
    assertEquals(
        "998 hosts are identical, 2 differ in file /etc/motd.",
        Separation.sentence(
            List.of(way("aa", 998, common), way("bb", 2, common, item("file", "/etc/motd", ""))),
            1000,
            2));
    assertEquals(
        "5 hosts are as ordered, 4 differ in file /a, file /b, in 2 ways.",
        Separation.sentence(
            List.of(
                way("", 5),
                way("aa", 3, item("file", "/a", "")),
                way("bb", 1, item("file", "/b", ""))),
            9,
            3));
  }

  @Test
  void whatWasNotReadIsNotSaidToBeMissing() {
    Way cut = new Way("aa", 9, List.of(), Map.of(), false);
    Way other = way("bb", 1, item("file", "/a", ""));
    assertEquals(Map.of(), Separation.between(cut, other));
  }

  /** Two packages make an account each; on another host they were installed the other way round. */
  @Test
  void systemUsersMadeInAnotherOrderNameBothPackages() {
    Way first = way("", 5);
    Way second =
        way(
            "aa",
            3,
            item("file", "/var/lib/alpha", "dpkg:alpha:amd64", "uid"),
            item("file", "/var/lib/beta", "dpkg:beta:amd64", "gid", "uid"),
            item("file", "/etc/passwd", "", "sha256"),
            item("file", "/etc/group", "", "sha256"));
    Scriptlets found = Scriptlets.of(Separation.between(first, second).values()).orElseThrow();
    assertEquals(List.of("dpkg:alpha:amd64", "dpkg:beta:amd64"), found.packages());
    assertEquals(List.of("/etc/group", "/etc/passwd"), found.unowned());
    assertEquals(
        "The packages are equal and the files are not: no package owns /etc/group, /etc/passwd;"
            + " scripts of dpkg:alpha:amd64, dpkg:beta:amd64 are likely to have made the"
            + " difference: their files have other owners, as accounts get that are made in"
            + " another order.",
        found.sentence());
  }

  @Test
  void otherPackagesExplainOtherFiles() {
    assertEquals(
        Optional.empty(),
        Scriptlets.of(
            List.of(
                item("package", "dpkg:alpha:amd64", ""),
                item("file", "/var/lib/alpha", "dpkg:alpha:amd64", "uid"))));
    // A program that was edited is no script's doing.
    assertEquals(
        Optional.empty(),
        Scriptlets.of(List.of(item("file", "/usr/bin/curl", "dpkg:curl:amd64", "sha256"))));
  }

  @Test
  void whatWasNotReadMayBeAPackage() {
    Item made = item("file", "/var/lib/alpha", "dpkg:alpha:amd64", "uid");
    Way whole = way("aa", 3, made);
    Way cut = new Way("bb", 1, List.of(), Map.of(), false);
    assertTrue(Scriptlets.of(List.of(whole), List.of(made)).isPresent());
    assertEquals(Optional.empty(), Scriptlets.of(List.of(whole, cut), List.of(made)));
  }

  @Test
  void hostsThatThereWasNoRoomForAreSaidNotToBeCompared() {
    String few = Outliers.view(Map.of(), Map.of(), Map.of(), 17).sentence();
    assertTrue(few.contains("17 more are not compared"), few);
    assertFalse(Outliers.view(Map.of(), Map.of(), Map.of(), 0).sentence().contains("more are"));
  }

  @Test
  void aTurnTakesEnoughHostsAndEnoughOfThePool() {
    TurnRules rules = new TurnRules(0.3, 20, Duration.ofHours(1));
    assertFalse(rules.isTurn(19, 20));
    assertTrue(rules.isTurn(20, 60));
    assertFalse(rules.isTurn(20, 67));
    assertFalse(rules.isOver(10, 60));
    assertTrue(rules.isOver(8, 60));
    assertTrue(rules.isOver(0, 0));
    Instant noon = Instant.parse("2026-11-25T12:07:00Z");
    assertEquals(Instant.parse("2026-11-25T12:00:00Z"), TurnRules.slot(noon));
    assertEquals(Instant.parse("2026-11-25T11:00:00Z"), rules.from(noon));
    assertThrows(IllegalArgumentException.class, () -> new TurnRules(0, 20, Duration.ofHours(1)));
    assertThrows(
        IllegalArgumentException.class, () -> new TurnRules(0.3, 20, Duration.ofMinutes(1)));
  }

  @Test
  void whoStandsApartWithoutABaselineIsFoundFactByFact() {
    Digest scope = Digest.of(ByteString.copyFromUtf8("scope"));
    Map<String, Manifest> hosts = new LinkedHashMap<>();
    for (int h = 0; h < 12; h++) {
      List<Entry> entries = new ArrayList<>();
      for (int f = 0; f < 30; f++) {
        entries.add(entry("/f" + f, h == 7 && f == 4 ? "otherwise" : "alike"));
      }
      entries.add(entry("/etc/machine-id", "host " + h));
      hosts.put("h" + h, Manifest.of(scope, entries));
    }
    // What is each host's own sets nobody apart.
    assertEquals(Map.of("h7", List.of("file /f4")), lists(Outliers.apart(hosts)));
  }

  /** The table of the page is what happens, for every verdict. */
  @Test
  void whatIsRecommendedInAPoolThatTurnedIsWhatThePageSays() throws Exception {
    Set<String> seen = new TreeSet<>();
    Turn turn =
        new Turn(
            new UUID(1, 2),
            "web",
            Digest.of(ByteString.copyFromUtf8("baseline")),
            Instant.EPOCH,
            "12 of 12 turned.");
    for (String line : Files.readAllLines(Path.of("../docs/verdicts.md"))) {
      List<String> cells = List.of(line.split(" *\\| *", -1));
      if (cells.size() != 5 || !List.of("yes", "no", "any").contains(cells.get(2))) {
        continue;
      }
      for (String turned :
          cells.get(2).equals("any") ? List.of("yes", "no") : List.of(cells.get(2))) {
        assertTrue(seen.add(cells.get(1) + " " + turned), "twice: " + line);
        Judgement own = judgement(Verdict.valueOf(cells.get(1).toUpperCase(Locale.ROOT)));
        Judgement j =
            Turn.suspecting(own, turned.equals("yes") ? Optional.of(turn) : Optional.empty());
        if (cells.get(3).equals("as above")) {
          assertEquals(own, j, line);
        } else {
          assertEquals(cells.get(3), j.recommendation().wireName(), line);
          assertEquals(own.verdict(), j.verdict());
          assertEquals("12 of 12 turned.", j.advice().getFirst());
        }
      }
    }
    assertEquals(2 * Verdict.values().length, seen.size(), "a verdict has no row");
  }

  private static Judgement judgement(Verdict verdict) {
    return new Judgement(
        verdict,
        50,
        Recommendation.REIMAGE,
        "A sentence.",
        List.of(),
        Breakdown.NONE,
        List.of("Own advice."),
        Optional.empty());
  }

  private static Map<String, List<String>> lists(Map<String, ? extends Iterable<String>> of) {
    Map<String, List<String>> lists = new TreeMap<>();
    of.forEach(
        (k, v) -> {
          List<String> list = new ArrayList<>();
          v.forEach(list::add);
          lists.put(k, list);
        });
    return lists;
  }

  private static Entry entry(String path, String target) {
    return Entry.of(
        FactKey.of(Facet.FILE, path),
        new Attributes.Builder()
            .text(Attributes.TYPE, "link")
            .text(Attributes.TARGET, target)
            .build());
  }
}
