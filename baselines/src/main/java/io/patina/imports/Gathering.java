package io.patina.imports;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.facts.Fact;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.manifest.EntrySorter;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.scope.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes what a source states, in any order, and keeps what the scope observes of it. Not safe for
 * use by several threads.
 */
public final class Gathering {

  private static final int MOST_COUNTED = 200;

  private final Scope scope;
  private final Limits limits;
  private final EntrySorter sorter;
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Long> counted = new TreeMap<>();
  private long offered;

  public Gathering(Scope scope, Limits limits) {
    this.scope = scope;
    this.limits = limits;
    this.sorter = new EntrySorter(limits.manifestBytes());
  }

  public Scope scope() {
    return scope;
  }

  public Limits limits() {
    return limits;
  }

  /**
   * Takes a fact.
   *
   * @param where the line or entry of the source, for the message of a refusal
   * @throws InvalidImportException if it cannot be a fact, or is one too many
   */
  public void add(FactKey key, Attributes attributes, String where) throws InvalidImportException {
    Optional<Entry> entry = observed(key, attributes, where);
    if (entry.isPresent()) {
      keep(entry.get(), where);
    }
  }

  /** Likewise, for a source that sorts its own facts: the entry, if it is in scope. */
  public Optional<Entry> observed(FactKey key, Attributes attributes, String where)
      throws InvalidImportException {
    offer(where);
    if (!observes(key)) {
      count("facts out of scope");
      return Optional.empty();
    }
    try {
      return Optional.of(Entry.of(Fact.of(key, inScope(key, attributes))));
    } catch (IllegalArgumentException e) {
      throw new InvalidImportException(
          where + " (" + key.displayName() + "): " + e.getMessage(), e);
    }
  }

  /** Takes something that the source has and that could not be read. */
  public void add(Gap gap, String where) throws InvalidImportException {
    offer(where);
    if (observes(gap.key())) {
      keep(Entry.of(gap), where);
    }
  }

  private void offer(String where) throws InvalidImportException {
    if (++offered > limits.entries()) {
      throw new InvalidImportException(
          where + ": more than " + limits.entries() + " entries are not read");
    }
  }

  private void keep(Entry entry, String where) throws InvalidImportException {
    try {
      sorter.add(entry);
    } catch (MalformedManifestException e) {
      throw new InvalidImportException(where + ": " + e.getMessage(), e);
    }
  }

  /** Adds a sentence about this source. */
  public void note(String sentence) {
    notes.add(sentence);
  }

  /** Counts something about this source that would be too much to list. */
  public void count(String what) {
    // A source names as many things as it likes; a person reads a few.
    boolean known = counted.containsKey(what) || counted.size() < MOST_COUNTED;
    counted.merge(known ? what : "of other kinds", 1L, Long::sum);
  }

  /** What came of it; of two facts with one key the later. */
  public Imported finish(List<String> cannotKnow) {
    return finish(sorter.build(scope.digest()), cannotKnow);
  }

  /** Likewise with a manifest of a source that sorts its own facts. */
  public Imported finish(Manifest manifest, List<String> cannotKnow) {
    return new Imported(manifest, cannotKnow, notes());
  }

  /** The notes so far, and what was counted. */
  private List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    counted.forEach((what, n) -> all.add(Escaped.text(what) + ": " + n));
    return all;
  }

  /** Whether the scope observes this key. */
  public boolean observes(FactKey key) {
    Optional<Facet> facet = Facet.named(key.facet());
    if (facet.isEmpty() || !scope.observes(facet.get())) {
      return false;
    }
    if (facet.get() == Facet.FILE) {
      return scope.observesPath(key.name());
    }
    return true;
  }

  private Attributes inScope(FactKey key, Attributes attributes) {
    if (!key.facet().equals(Facet.FILE.wireName())) {
      return attributes;
    }
    Set<String> names = scope.attributesOf(key.name());
    Attributes.Builder out = new Attributes.Builder();
    for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
      String name = a.getKey();
      boolean wanted =
          Attributes.isAnnotation(name)
              || names.contains(name.startsWith("xattr:") ? "xattrs" : name);
      if (wanted) {
        out.bytes(name, a.getValue());
      } else {
        count("attributes that the scope does not observe, " + name);
      }
    }
    return out.build();
  }
}
