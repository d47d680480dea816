package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What a manifest changes against another, for people who approve it. Unlike {@link Comparer},
 * which holds a host to what is expected of it, both sides count alike: also what only one states.
 */
public final class ManifestDiff {

  private ManifestDiff() {}

  /** Gives every change, in key order; holds none. */
  public static void walk(Manifest before, Manifest after, Consumer<Change> sink) {
    int b = 0;
    int a = 0;
    while (b < before.size() || a < after.size()) {
      Optional<Entry> old = b < before.size() ? Optional.of(before.get(b)) : Optional.empty();
      Optional<Entry> now = a < after.size() ? Optional.of(after.get(a)) : Optional.empty();
      int order =
          old.isEmpty() ? 1 : now.isEmpty() ? -1 : old.get().key().compareTo(now.get().key());
      Optional<Entry> thisOld = order <= 0 ? old : Optional.empty();
      Optional<Entry> thisNow = order >= 0 ? now : Optional.empty();
      b += order <= 0 ? 1 : 0;
      a += order >= 0 ? 1 : 0;
      change(thisOld, thisNow).ifPresent(sink);
    }
  }

  private static Optional<Change> change(Optional<Entry> before, Optional<Entry> after) {
    if (before.isPresent()
        && after.isPresent()
        && before.get().canonical().equals(after.get().canonical())) {
      return Optional.empty();
    }
    FactKey key = before.or(() -> after).orElseThrow().key();
    Attributes was = before.map(Entry::attributes).orElse(Attributes.NONE);
    Attributes is = after.map(Entry::attributes).orElse(Attributes.NONE);
    String gapBefore = before.flatMap(Entry::gap).map(Gap::reason).orElse("");
    String gapAfter = after.flatMap(Entry::gap).map(Gap::reason).orElse("");
    List<Change.Attribute> differing = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(was.values().keySet());
    names.addAll(is.values().keySet());
    for (String name : names) {
      Optional<ByteString> old = was.get(name);
      Optional<ByteString> now = is.get(name);
      if (!Attributes.isAnnotation(name) && !old.equals(now)) {
        differing.add(new Change.Attribute(name, old, now));
      }
    }
    Change.Kind kind =
        before.isEmpty()
            ? Change.Kind.ADDED
            : after.isEmpty() ? Change.Kind.REMOVED : Change.Kind.CHANGED;
    boolean onlyAnnotations =
        kind == Change.Kind.CHANGED && differing.isEmpty() && gapBefore.equals(gapAfter);
    return onlyAnnotations
        ? Optional.empty()
        : Optional.of(new Change(key, kind, Change.owner(was, is), differing, gapBefore, gapAfter));
  }
}
