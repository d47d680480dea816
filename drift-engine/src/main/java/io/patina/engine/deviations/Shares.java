package io.patina.engine.deviations;

import io.patina.comparison.DriftSignature;
import io.patina.engine.state.Since;
import io.patina.facts.FactKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One installation's parts in sets. Not safe for use by several threads. */
final class Shares {

  /** A member that this host has. */
  record Part(Share share, int number) {}

  /** A share of which a comparison of everything has found that it is not so any more. */
  private static final class Broken {
    private final Share share;
    private @Nullable Since end;
    private Cause why;
    private int gone;

    Broken(Share share, Cause why) {
      this.share = share;
      this.why = why;
    }
  }

  private final List<Share> open = new ArrayList<>();
  private final List<Broken> broken = new ArrayList<>();
  private final List<ShareStep> steps = new ArrayList<>();

  /** Takes in one as the table has it. */
  void restore(Share share) {
    open.add(share);
  }

  /** How many deviations are in shares. */
  int size() {
    return open.stream().mapToInt(Share::size).sum();
  }

  /** The same, of one group. */
  int size(@Nullable UUID group) {
    return open.stream().filter(s -> Objects.equals(s.group(), group)).mapToInt(Share::size).sum();
  }

  Optional<Part> holding(FactKey key) {
    for (Share share : open) {
      int number = share.set().number(key);
      if (share.has(number)) {
        return Optional.of(new Part(share, number));
      }
    }
    return Optional.empty();
  }

  /** Opens the members of all shares. */
  void openIn(DriftSignature signature) {
    for (Share share : open) {
      share.openIn(signature);
    }
  }

  void begin(Share share) {
    open.add(share);
    steps.add(new ShareStep.Began(share));
  }

  /** The member goes its own way; an empty share is none. */
  void release(Part part, Since end, Cause why, Circumstances c) {
    part.share().release(part.number());
    if (part.share().size() > 0) {
      if (steps.stream().noneMatch(s -> s.share() == part.share())) {
        steps.add(new ShareStep.Shrank(part.share()));
      }
    } else {
      open.remove(part.share());
      steps.add(new ShareStep.Ended(part.share(), end, why, false, c));
    }
  }

  /** A member is not as it was, or has a row: what else there is of its share becomes loose. */
  void breakUp(FactKey key, boolean gone, Since end, Cause why) {
    Optional<Part> part = holding(key);
    if (part.isPresent()) {
      open.remove(part.get().share());
      broken.add(new Broken(part.get().share(), why));
    }
    for (Broken b : broken) {
      if (gone && b.share.has(b.share.set().number(key))) {
        Since before = b.end;
        b.end = before == null ? end : spanned(before, end);
        b.why = why;
        b.gone++;
      }
    }
  }

  /** Ends what has been broken up. */
  void finish(Circumstances c) {
    for (Broken b : broken) {
      Since end = b.end;
      steps.add(
          new ShareStep.Ended(
              b.share,
              end == null ? Since.exactly(c.observedAt()) : end,
              b.why,
              b.gone < b.share.size(),
              c));
    }
    broken.clear();
  }

  /** What happened since this was asked last, in order. */
  List<ShareStep> steps() {
    List<ShareStep> happened = List.copyOf(steps);
    steps.clear();
    return happened;
  }

  /** Bounds of all of their onsets; null if none of them has an earlier one. */
  static Since onsets(Collection<Deviation> of) {
    Since all = of.iterator().next().onset();
    for (Deviation d : of) {
      all = spanned(all, d.onset());
    }
    return all;
  }

  private static Since spanned(Since one, Since other) {
    Instant a = one.earliest();
    Instant b = other.earliest();
    @Nullable Instant earliest = a == null || b == null ? null : a.isBefore(b) ? a : b;
    return new Since(
        earliest, one.latest().isAfter(other.latest()) ? one.latest() : other.latest());
  }

  /** The group of all of these; null if they are of none. */
  static @Nullable UUID group(Collection<Deviation> of) {
    return of.iterator().next().group();
  }
}
