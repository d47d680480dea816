package io.patina.collector.commands;

import io.patina.comparison.Comparer;
import io.patina.comparison.Comparison;
import io.patina.comparison.Difference;
import io.patina.comparison.DriftSignature;
import io.patina.facts.Entry;
import io.patina.facts.Gap;
import io.patina.fingerprint.Fingerprint;
import io.patina.manifest.Manifest;
import io.patina.verdict.Assessment;
import io.patina.verdict.Policy;
import io.patina.verdict.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The answer of {@code check} as data.
 *
 * @param facts observed facts, gaps not counted
 * @param differences in key order
 * @param gaps what could not be observed, and expected attributes that were not, in key order
 * @param required expected facts that are covered by a gap, by the gap's reason
 * @param against what the host was compared with, for people
 * @param notes sentences for people about what this answer leaves out
 */
record CheckReport(
    Assessment assessment,
    Fingerprint fingerprint,
    Optional<Fingerprint> driftSignature,
    long facts,
    List<Difference> differences,
    List<Gap> gaps,
    List<Comparison.Unproven> required,
    String against,
    List<String> notes) {

  CheckReport {
    differences = List.copyOf(differences);
    gaps = List.copyOf(gaps);
    required = List.copyOf(required);
    notes = List.copyOf(notes);
  }

  /**
   * Compares.
   *
   * @param expected sorted entries; those that cannot apply to this root already left out
   */
  static CheckReport of(
      Manifest observed,
      Iterable<Entry> expected,
      Comparer comparer,
      String against,
      List<String> notes) {
    List<Difference> differences = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    List<Comparison.Unproven> required = new ArrayList<>();
    Set<String> unassigned = new TreeSet<>();
    Tally tally = new Tally();
    DriftSignature signature = new DriftSignature();
    long facts = 0;
    for (Entry entry : observed) {
      Optional<Gap> gap = entry.isGap() ? entry.gap() : Optional.empty();
      gap.ifPresent(gaps::add);
      facts += gap.isPresent() ? 0 : 1;
    }
    comparer.compareAll(
        expected,
        observed,
        comparison -> {
          switch (comparison) {
            case Comparison.Same same -> {
              // The usual case.
            }
            case Comparison.Differs differs -> {
              differences.add(differs.difference());
              tally.add(differs.difference());
              signature.open(differs.difference());
            }
            case Comparison.Unproven unproven -> {
              required.add(unproven);
              unproven.label().ifPresent(unassigned::add);
              if (unproven.isOfAnObservedFact()) {
                gaps.add(new Gap(unproven.key(), false, unproven.word()));
              }
            }
          }
        });
    List<String> told = new ArrayList<>(notes);
    unassigned.forEach(
        label ->
            told.add(
                "no label "
                    + label
                    + " is known, so what is expected by it is not judged; give it with --label "
                    + label
                    + "=VALUE"));
    gaps.sort((a, b) -> a.key().compareTo(b.key()));
    return new CheckReport(
        Assessment.of(Policy.pet(), tally),
        observed.hash().fingerprint(),
        signature.value(),
        facts,
        differences,
        gaps,
        required,
        against,
        told);
  }

  /**
   * 1 if anything drifted, else 2 if something required could not be observed, else 0. What a user
   * other than root may not read is not required of that user.
   */
  int exitCode(boolean isRoot) {
    if (!differences.isEmpty()) {
      return 1;
    }
    return required.stream().anyMatch(u -> isRoot || !u.reason().equals(Gap.PERMISSION)) ? 2 : 0;
  }
}
