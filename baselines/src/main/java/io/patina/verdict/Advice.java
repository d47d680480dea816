package io.patina.verdict;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to do about a host, and why that and nothing else.
 *
 * @param reasons sentences, safe to show anywhere; empty if there is nothing to do
 */
public record Advice(Recommendation recommendation, List<String> reasons) {

  private static final int MOST_BOOT_SOURCES = 3;

  /** Keys of the kernel's facts that are those of the boot. */
  private static final Set<ByteString> OF_A_BOOT =
      Set.of(
          ByteString.copyFromUtf8("release"),
          ByteString.copyFromUtf8("version"),
          ByteString.copyFromUtf8("cmdline"));

  public Advice {
    reasons = List.copyOf(reasons);
  }

  /** Of what weighs on a host. */
  static Advice of(Verdict verdict, Tally tally) {
    return switch (verdict) {
      case ARTISANAL -> new Advice(Recommendation.REIMAGE, reimage(tally));
      case DRIFTING -> drifting(tally);
      case CONFORMING, UPDATING, UNOBSERVED, UNBASELINED ->
          new Advice(Recommendation.NONE, List.of());
    };
  }

  private static List<String> reimage(Tally tally) {
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "Repair in place is the worse choice: it is one more change by hand, and only a new"
            + " installation proves by an empty drift signature that nothing else is left.");
    because(
        DriftClass.PACKAGED_FILE_CHANGED,
        "reinstalling a package puts its bytes back and says nothing of what ran with the"
            + " changed ones",
        tally,
        reasons);
    because(
        DriftClass.PACKAGED_FILE_MISSING,
        "what was removed by hand was removed for a reason that the package does not know",
        tally,
        reasons);
    because(DriftClass.UNPACKAGED_FILE, "no package manager will ever remove them", tally, reasons);
    because(
        DriftClass.PACKAGE,
        "a downgrade or removal leaves what maintainer scripts and newer versions wrote",
        tally,
        reasons);
    because(
        DriftClass.UNIT, "setting them back leaves what they started and wrote", tally, reasons);
    because(
        DriftClass.KERNEL,
        "setting them back until the next boot hides what sets them",
        tally,
        reasons);
    return reasons;
  }

  private static void because(
      DriftClass driftClass, String why, Tally tally, List<String> reasons) {
    long count = tally.count(driftClass);
    if (count > 0) {
      reasons.add(capital(driftClass.counted(count)) + ": " + why + ".");
    }
  }

  private static Advice drifting(Tally tally) {
    if (tally.needBoot() > 0 && tally.needBoot() == tally.total()) {
      return new Advice(Recommendation.REBOOT, reboot(tally));
    }
    long units = tally.count(DriftClass.UNIT);
    if (units > 0 && units == tally.total()) {
      return units(tally);
    }
    long programs = tally.count(DriftClass.PACKAGED_FILE_CHANGED) + tally.count(DriftClass.FILE);
    if (programs > 0) {
      return new Advice(
          Recommendation.INVESTIGATE,
          List.of(
              "What differs can be what the host runs; it does not weigh enough, or not for long"
                  + " enough, to replace the host. Find out who wrote it."));
    }
    return new Advice(
        Recommendation.OBSERVE,
        List.of("Nothing of what differs is a program or weighs enough to act on."));
  }

  /** Each source that says that the host has to boot, by name. */
  private static List<String> reboot(Tally tally) {
    List<String> reasons = new ArrayList<>();
    for (Difference d : tally.bootSources()) {
      if (reasons.size() == MOST_BOOT_SOURCES) {
        break;
      }
      String source = d.key().facet() + " " + Assessment.shortened(d.key().displayName());
      reasons.add(source + " says so" + values(d) + ".");
    }
    if (tally.needBoot() > reasons.size()) {
      reasons.add("So do " + (tally.needBoot() - reasons.size()) + " more.");
    }
    return reasons;
  }

  private static String values(Difference d) {
    Optional<String> expected = d.expected().shown(Attributes.VALUE);
    Optional<String> actual = d.actual().shown(Attributes.VALUE);
    if (expected.isPresent() && actual.isPresent()) {
      return ": "
          + Assessment.shortened(expected.get())
          + " is expected and "
          + Assessment.shortened(actual.get())
          + " runs";
    }
    return d.actual()
        .shown("reason")
        .or(() -> actual)
        .map(r -> ": " + Assessment.shortened(r))
        .orElse("");
  }

  private static Advice units(Tally tally) {
    Optional<Difference> example = tally.example(DriftClass.UNIT);
    String name = example.map(d -> Assessment.shortened(d.key().displayName())).orElse("a unit");
    return example.filter(d -> d.actual().get("needs-reload").isPresent()).isPresent()
        ? new Advice(
            Recommendation.DAEMON_RELOAD,
            List.of(name + " says so: its files are newer than what systemd has loaded."))
        : new Advice(
            Recommendation.RESTART_UNITS,
            List.of("Only units differ, such as " + name + "; no file has to be changed for it."));
  }

  /** Whether only a boot makes this difference go away. */
  static boolean needsBoot(Difference d) {
    if (d.key().facet().equals("reboot")) {
      return true;
    }
    return d.key().facet().equals(Facet.KERNEL.wireName()) && OF_A_BOOT.contains(d.key().name());
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
  }
}
