package io.patina.engine.selection;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.patina.engine.catalogue.Baseline;
import io.patina.engine.catalogue.Catalogue;
import io.patina.engine.catalogue.Waiting;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which baseline applies to a host, and why none of the others.
 *
 * @param host its id
 * @param installation the current one's id, 32 hexadecimal digits
 * @param labels assigned ones: selectors look at no other
 * @param scope under which it is observed, SHA-256, hexadecimal
 * @param revision of the catalogue that was asked
 * @param applies the one; null if none does
 * @param comparedWith what the host's verdict of now is about; another one until it follows, which
 *     takes seconds. Null if nothing
 * @param candidates those that could be for it, the one that goes first before the others; at most
 *     500
 * @param forOthers how many are for one other installation each, or beyond the 500
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Explanation(
    String host,
    String name,
    String installation,
    Map<String, String> labels,
    String scope,
    long revision,
    String sentence,
    @Nullable Named applies,
    @Nullable Named comparedWith,
    List<Candidate> candidates,
    int forOthers) {

  private static final int MOST = 500;
  private static final int DIGITS = 12;

  /** A baseline. */
  public record Named(String name, String version) {}

  /**
   * A baseline that could be for the host.
   *
   * @param state {@code active}, {@code rolling-out}, {@code approved} or {@code draft}
   * @param precedence the higher goes first
   * @param why why it applies or does not
   */
  public record Candidate(
      String name, String version, String state, int precedence, boolean applies, String why) {}

  /** What of a host decides. */
  public record Asked(
      UUID host,
      String name,
      String installationHex,
      Map<String, String> assignedLabels,
      Digest scope,
      Optional<Named> comparedWith) {}

  /** Weighs all that are active, and those that wait to be. */
  static Explanation of(Asked host, Catalogue catalogue, List<Waiting> waiting) {
    List<Candidate> candidates = new ArrayList<>();
    int others = 0;
    Baseline first = null;
    for (Baseline b : catalogue.active()) {
      Optional<String> against = against(b.golden(), host);
      if (candidates.size() >= MOST || isForAnother(b.golden(), host)) {
        others++;
      } else if (against.isPresent()) {
        candidates.add(candidate(b, "active", false, against.get()));
      } else if (first == null) {
        first = b;
        candidates.add(
            candidate(
                b,
                "active",
                true,
                "the highest precedence of the active ones that select the host"));
      } else {
        candidates.add(candidate(b, "active", false, behind(b, first)));
      }
    }
    for (Waiting w : waiting) {
      if (candidates.size() >= MOST || isForAnother(w.baseline().golden(), host)) {
        others++;
      } else {
        String why =
            against(w.baseline().golden(), host)
                .orElseGet(
                    () ->
                        rollout(w, catalogue, host)
                            .orElse("it selects the host, but is " + w.state() + ", not active"));
        candidates.add(candidate(w.baseline(), w.state(), false, why));
      }
    }
    Named applies =
        first == null ? null : new Named(first.golden().name(), first.golden().version());
    return new Explanation(
        host.host().toString(),
        host.name(),
        host.installationHex(),
        host.assignedLabels(),
        host.scope().hex(),
        catalogue.revision(),
        sentence(applies, candidates.size()),
        applies,
        host.comparedWith().orElse(null),
        candidates,
        others);
  }

  private static Optional<String> rollout(Waiting w, Catalogue catalogue, Asked host) {
    return catalogue.coming().stream()
        .filter(c -> c.baseline().statement().equals(w.baseline().statement()))
        .map(Catalogue.Coming::rollout)
        .findFirst()
        .map(
            r -> {
              int wave = r.waveOf(host.host(), host.assignedLabels());
              String way = " of its rollout in place of " + r.fromVersion();
              return wave == 0
                  ? "the host is in no wave" + way + ": it follows at the end"
                  : wave > r.reached()
                      ? "wave " + wave + way + " is not reached yet"
                      : "the host is in wave "
                          + wave
                          + way
                          + ", which is reached: it may be of either, wholly";
            });
  }

  private static String sentence(@Nullable Named applies, int candidates) {
    if (applies != null) {
      return applies.name() + " " + applies.version() + " applies, of " + counted(candidates) + ".";
    }
    return candidates == 0
        ? "There is no baseline that could be for this host."
        : "No baseline applies, of " + counted(candidates) + ".";
  }

  private static String counted(int candidates) {
    return candidates + (candidates == 1 ? " candidate" : " candidates");
  }

  private static boolean isForAnother(GoldenBaseline golden, Asked host) {
    return golden
        .selector()
        .installation()
        .map(i -> !i.equals(host.installationHex()))
        .orElse(false);
  }

  /** Why it does not select the host; empty if it does. */
  private static Optional<String> against(GoldenBaseline golden, Asked host) {
    for (Map.Entry<String, String> wanted : golden.selector().labels().entrySet()) {
      String has = host.assignedLabels().get(wanted.getKey());
      if (!wanted.getValue().equals(has)) {
        return Optional.of(
            "it is for "
                + wanted.getKey()
                + "="
                + wanted.getValue()
                + "; the host "
                + (has == null
                    ? "has no assigned label " + wanted.getKey()
                    : "is " + wanted.getKey() + "=" + has));
      }
    }
    if (!golden.scopes().isEmpty() && !golden.scopes().contains(host.scope())) {
      return Optional.of(
          "it permits other scopes than "
              + host.scope().hex().substring(0, DIGITS)
              + "\u2026, under which the host is observed");
    }
    return Optional.empty();
  }

  private static String behind(Baseline b, Baseline first) {
    String other = first.golden().name() + " " + first.golden().version();
    return b.precedence() < first.precedence()
        ? "precedence " + b.precedence() + " is below " + first.precedence() + " of " + other
        : "precedence "
            + b.precedence()
            + " is also that of "
            + other
            + ", which became active later; approve a version with another precedence";
  }

  private static Candidate candidate(Baseline b, String state, boolean applies, String why) {
    return new Candidate(
        b.golden().name(), b.golden().version(), state, b.precedence(), applies, why);
  }
}
