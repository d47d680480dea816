package io.patina.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssessmentTest {

  private static final Policy PET = Policy.pet();
  private static final List<DriftClass> CLASSES = List.of(DriftClass.values());

  @Test
  void aHostWithoutDifferencesConforms() {
    Assessment a = Assessment.of(PET, new Tally());
    assertEquals(Verdict.CONFORMING, a.verdict());
    assertEquals(Recommendation.NONE, a.recommendation());
    assertEquals(0, a.score());
    assertEquals("This host is as its baseline says.", a.sentence());
    assertEquals(List.of(), a.reasons());
  }

  @Test
  void oneChangedProgramMakesAPetArtisanal() {
    Assessment a = of(changed("/usr/bin/curl", "curl"));
    assertEquals(Verdict.ARTISANAL, a.verdict());
    assertEquals(Recommendation.REIMAGE, a.recommendation());
    assertEquals(50, a.score());
    assertEquals(
        "This host is artisanal: 1 deviation, 1 packaged file changed: /usr/bin/curl of package"
            + " curl.",
        a.sentence());
  }

  @Test
  void theWeightiestReasonsComeFirst() {
    Assessment a =
        of(
            conffile("/etc/a"),
            conffile("/etc/b"),
            unexpected("/usr/bin/mine"),
            missing("/usr/bin/gone", "tools"));
    assertEquals(Verdict.DRIFTING, a.verdict());
    assertEquals(
        List.of(
            "1 packaged file missing: /usr/bin/gone of package tools",
            "2 configuration files edited, such as /etc/a of package p",
            "1 file that no package owns: /usr/bin/mine"),
        a.reasons());
    assertEquals(
        "This host is drifting: 4 deviations, 1 packaged file missing: /usr/bin/gone of package"
            + " tools; 2 configuration files edited, such as /etc/a of package p.",
        a.sentence());
  }

  @Test
  void editedConfigurationAndOwnFilesAloneNeverMakeAPetArtisanal() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      Tally tally = new Tally();
      long most = 1L << random.nextInt(40);
      tally.add(DriftClass.CONFIGURATION, random.nextLong(most), Optional.empty());
      tally.add(DriftClass.UNPACKAGED_FILE, random.nextLong(most), Optional.empty());
      tally.add(DriftClass.DOCUMENTATION, random.nextLong(most), Optional.empty());
      Assessment a = Assessment.of(PET, tally);
      assertNotEquals(Verdict.ARTISANAL, a.verdict(), a.sentence());
      assertEquals(tally.isEmpty(), a.verdict() == Verdict.CONFORMING);
    }
  }

  @Test
  void addingAUserDoesNotMakeAPetArtisanal() {
    Tally tally = new Tally();
    for (String name : List.of("passwd", "shadow", "group", "gshadow", "subuid", "subgid")) {
      tally.add(
          fileOf(
              Difference.Kind.CHANGED,
              "/etc/" + name,
              new Attributes.Builder().text(Attributes.DECLARED, "accounts of this machine")));
    }
    assertEquals(6, tally.count(DriftClass.CONFIGURATION));
    assertEquals(Verdict.DRIFTING, Assessment.of(PET, tally).verdict());
  }

  @Test
  void moreDifferencesNeverLowerTheScore() {
    Random random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      Tally tally = new Tally();
      int before = 0;
      for (int step = 0; step < 20; step++) {
        DriftClass any = CLASSES.get(random.nextInt(CLASSES.size()));
        tally.add(any, random.nextInt(5), Optional.empty());
        int score = PET.score(tally);
        assertTrue(score >= before && score <= 100, "score " + score + " after " + before);
        before = score;
      }
    }
  }

  @Test
  void enormousCountsDoNotOverflow() {
    Tally tally = new Tally();
    tally.add(DriftClass.PACKAGED_FILE_CHANGED, Long.MAX_VALUE / 4, Optional.empty());
    assertEquals(100, PET.score(tally));
    assertEquals(
        "This host is artisanal: 2,305,843,009,213,693,951 deviations,"
            + " 2,305,843,009,213,693,951 packaged files changed.",
        Assessment.of(PET, tally).sentence());
  }

  @Test
  void whatHostsSendIsSafeInSentences() {
    String evil = "/etc/\u001b[2J\n\u202e" + "x".repeat(5000);
    Assessment a = of(changed(evil, "p\u0007"));
    assertTrue(
        a.sentence().codePoints().noneMatch(Character::isISOControl)
            && !a.sentence().contains("\u202e"),
        a.sentence());
    assertTrue(a.sentence().contains("/etc/\\x1b[2J\\n\\u{202e}x"), a.sentence());
    assertTrue(a.sentence().length() < 300, "length " + a.sentence().length());
  }

  @Test
  void aLongNameOfRareCharactersIsCutBetweenCharacters() {
    String sentence = of(changed("/" + "\ud83d\ude00".repeat(500), "p")).sentence();
    assertTrue(
        sentence.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE),
        sentence);
  }

  @Test
  void unitsAloneAreARestartOrAReload() {
    assertEquals(Recommendation.RESTART_UNITS, of(unit("active", "inactive")).recommendation());
    assertEquals(Recommendation.DAEMON_RELOAD, of(unit("needs-reload", "yes")).recommendation());
    assertEquals(Recommendation.OBSERVE, of(conffile("/etc/a")).recommendation());
    assertEquals(
        Recommendation.INVESTIGATE,
        of(fileOf(Difference.Kind.CHANGED, "/srv/x", new Attributes.Builder())).recommendation());
  }

  @Test
  void classesAreAsTheDifferenceSays() {
    assertEquals(DriftClass.PACKAGED_FILE_CHANGED, DriftClass.of(changed("/usr/bin/x", "p")));
    assertEquals(DriftClass.PACKAGED_FILE_MISSING, DriftClass.of(missing("/usr/bin/x", "p")));
    assertEquals(DriftClass.CONFIGURATION, DriftClass.of(conffile("/etc/a")));
    assertEquals(DriftClass.UNPACKAGED_FILE, DriftClass.of(unexpected("/usr/bin/x")));
    assertEquals(DriftClass.DOCUMENTATION, DriftClass.of(changed("/usr/share/doc/a/b", "p")));
    assertEquals(DriftClass.PACKAGED_FILE_CHANGED, DriftClass.of(changed("/usr/share/docs", "p")));
    Attributes.Builder noConffile =
        new Attributes.Builder().text("~package", "p").text(Attributes.CONFFILE, "no");
    assertEquals(
        DriftClass.PACKAGED_FILE_CHANGED,
        DriftClass.of(fileOf(Difference.Kind.CHANGED, "/etc/a", noConffile)));
    assertEquals(
        DriftClass.FILE,
        DriftClass.of(fileOf(Difference.Kind.MISSING, "/srv/x", new Attributes.Builder())));
    assertEquals(DriftClass.UNIT, DriftClass.of(unit("active", "inactive")));
    assertEquals(
        DriftClass.OTHER,
        DriftClass.of(
            new Difference(
                new FactKey("newer", ByteString.copyFromUtf8("x")),
                Difference.Kind.CHANGED,
                Attributes.NONE,
                Attributes.NONE)));
  }

  @Test
  void wordsOnTheWireStayAsTheyAre() {
    assertEquals("artisanal", Verdict.ARTISANAL.wireName());
    assertEquals("fix-baseline", Recommendation.FIX_BASELINE.wireName());
    assertEquals("packaged-file-changed", DriftClass.PACKAGED_FILE_CHANGED.wireName());
    assertEquals("unexpected", Difference.Kind.UNEXPECTED.wireName());
  }

  @Test
  void policiesAreNamedAndBounded() {
    assertEquals(Optional.of(PET), Policy.named("pet"));
    assertEquals(Optional.empty(), Policy.named("cattle"));
    assertThrows(IllegalArgumentException.class, () -> new Policy.Weight(-1, 5));
    assertThrows(IllegalArgumentException.class, () -> new Policy.Weight(1, 101));
    assertThrows(IllegalArgumentException.class, () -> new Policy("p", Map.of(), 0, Duration.ZERO));
    Tally one = new Tally();
    one.add(DriftClass.OS, 3, Optional.empty());
    assertEquals(0, new Policy("p", Map.of(), 50, Duration.ZERO).score(one));
  }

  private static Assessment of(Difference... differences) {
    Tally tally = new Tally();
    for (Difference d : differences) {
      tally.add(d);
    }
    return Assessment.of(PET, tally);
  }

  private static Difference changed(String path, String owner) {
    return fileOf(Difference.Kind.CHANGED, path, new Attributes.Builder().text("~package", owner));
  }

  private static Difference missing(String path, String owner) {
    return fileOf(Difference.Kind.MISSING, path, new Attributes.Builder().text("~package", owner));
  }

  private static Difference unexpected(String path) {
    return fileOf(Difference.Kind.UNEXPECTED, path, new Attributes.Builder());
  }

  private static Difference conffile(String path) {
    return fileOf(
        Difference.Kind.CHANGED,
        path,
        new Attributes.Builder().text("~package", "p").text(Attributes.CONFFILE, "yes"));
  }

  private static Difference fileOf(Difference.Kind kind, String path, Attributes.Builder expected) {
    return new Difference(
        FactKey.file(ByteString.copyFromUtf8(path)), kind, expected.build(), Attributes.NONE);
  }

  private static Difference unit(String attribute, String actual) {
    return new Difference(
        FactKey.of(Facet.UNIT, "ssh.service"),
        Difference.Kind.CHANGED,
        Attributes.NONE,
        new Attributes.Builder().text(attribute, actual).build());
  }
}
