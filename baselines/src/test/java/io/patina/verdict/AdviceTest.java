package io.patina.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdviceTest {

  private static Difference changed(String facet, String key, Attributes before, Attributes now) {
    return new Difference(
        new FactKey(facet, ByteString.copyFromUtf8(key)), Difference.Kind.CHANGED, before, now);
  }

  private static Assessment of(Difference... differences) {
    Tally tally = new Tally();
    for (Difference d : differences) {
      tally.add(d);
    }
    return Assessment.of(Policy.pet(), tally);
  }

  private static Difference kernel(String key, String expected, String actual) {
    return changed("kernel", key, Attributes.value(expected), Attributes.value(actual));
  }

  private static final Attributes OWNED =
      new Attributes.Builder().text(Attributes.PACKAGE, "dpkg:curl:amd64").build();

  @Test
  void rebootNamesWhoSaysSo() {
    Assessment a =
        of(
            kernel("release", "6.1.0-30-amd64", "6.1.0-28-amd64"),
            changed(
                "reboot",
                "needrestart",
                Attributes.NONE,
                new Attributes.Builder().text("reason", "libc was upgraded").build()));
    assertEquals(Recommendation.REBOOT, a.recommendation());
    assertEquals(
        List.of(
            "kernel release says so: 6.1.0-30-amd64 is expected and 6.1.0-28-amd64 runs.",
            "reboot needrestart says so: libc was upgraded."),
        a.advice());
  }

  @Test
  void aBootIsNotRecommendedForWhatItDoesNotPutRight() {
    assertEquals(
        Recommendation.OBSERVE,
        of(kernel("release", "1", "2"), kernel("sysctl:net.ipv4.ip_forward", "0", "1"))
            .recommendation());
  }

  @Test
  void reimageSaysWhyRepairInPlaceIsTheWorseChoice() {
    Assessment a =
        of(
            changed("file", "/usr/bin/curl", OWNED, Attributes.NONE),
            new Difference(
                new FactKey("file", ByteString.copyFromUtf8("/opt/x")),
                Difference.Kind.UNEXPECTED,
                Attributes.NONE,
                Attributes.NONE));
    assertEquals(Recommendation.REIMAGE, a.recommendation());
    assertTrue(a.advice().getFirst().startsWith("Repair in place is the worse choice: "));
    assertEquals(
        List.of(
            "1 packaged file changed: reinstalling a package puts its bytes back and says nothing"
                + " of what ran with the changed ones.",
            "1 file that no package owns: no package manager will ever remove them."),
        a.advice().subList(1, 3));
  }

  @Test
  void unitsAreNamed() {
    Assessment reload =
        of(
            changed(
                "unit",
                "ssh.service",
                Attributes.NONE,
                new Attributes.Builder().text("needs-reload", "yes").build()));
    assertEquals(Recommendation.DAEMON_RELOAD, reload.recommendation());
    assertTrue(reload.advice().getFirst().startsWith("ssh.service says so: "));
    Assessment restart = of(changed("unit", "ssh.service", Attributes.NONE, Attributes.NONE));
    assertEquals(Recommendation.RESTART_UNITS, restart.recommendation());
    assertTrue(restart.advice().getFirst().contains("such as ssh.service"));
  }

  @Test
  void aNameOfAHostileHostIsShortenedAndSafe() {
    Assessment a = of(changed("reboot", "a\u001b[31m" + "x".repeat(500), OWNED, OWNED));
    String advice = a.advice().getFirst();
    assertTrue(advice.length() < 200 && advice.indexOf('\u001b') < 0, advice);
  }

  @Test
  void whatIsAsOrderedNeedsNone() {
    assertEquals(List.of(), of().advice());
    assertEquals(Recommendation.NONE, of().recommendation());
  }
}
