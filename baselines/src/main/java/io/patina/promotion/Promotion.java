package io.patina.promotion;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What most hosts of a pool share, fact by fact: an attribute that nearly all of them have alike is
 * stated; one that is another on each host is a proposed exception; of the rest nothing is stated,
 * and the hosts are named.
 *
 * @param draft what is shared
 * @param differing attributes that differ per host, by fact
 * @param labelled attributes that follow from a label of the host, by fact: attribute to a text
 *     with <code>&#36;{label:NAME}</code> in it; {@code content} stands for a file's digest, size
 *     and MD5
 * @param apart facts in which some hosts stand apart, in key order
 */
public record Promotion(
    Manifest draft,
    Map<FactKey, Set<String>> differing,
    Map<FactKey, Map<String, String>> labelled,
    List<Apart> apart) {

  /**
   * Hosts that are otherwise than most in one fact.
   *
   * @param attribute which attribute; empty if it is whether the fact is there at all
   * @param shared whether the others are alike enough for the draft to state it
   */
  public record Apart(FactKey key, String attribute, boolean shared, Set<String> hosts) {
    public Apart {
      hosts = Collections.unmodifiableSet(new TreeSet<>(hosts));
    }
  }

  public Promotion {
    differing = Collections.unmodifiableMap(new TreeMap<>(differing));
    labelled = Collections.unmodifiableMap(new TreeMap<>(labelled));
    apart = List.copyOf(apart);
  }

  /** Compares hosts of which no label is known. */
  public static Promotion of(Map<String, Manifest> hosts, int share) {
    return of(hosts, share, Map.of());
  }

  /**
   * Compares hosts with each other. Holds one fact of each host at a time.
   *
   * @param hosts manifests by the host's name, at least two, all under one scope
   * @param share how many of a hundred hosts must be alike, 51 to 100
   * @param labels what was assigned to each host, name to value: what follows from one of them is
   *     proposed as a reference to it
   * @throws IllegalArgumentException if they are under several scopes
   */
  public static Promotion of(
      Map<String, Manifest> hosts, int share, Map<String, Map<String, String>> labels) {
    if (hosts.size() < 2 || share < 51 || share > 100) {
      throw new IllegalArgumentException("it takes two hosts, and a share from 51 to 100");
    }
    if (hosts.values().stream().map(Manifest::scope).distinct().count() > 1) {
      throw new IllegalArgumentException("the hosts were observed under different scopes");
    }
    Gathering gathering = new Gathering(share, new FromLabels(labels, share));
    PriorityQueue<Cursor> queue =
        new PriorityQueue<>((a, b) -> a.entry.key().compareTo(b.entry.key()));
    hosts.forEach(
        (host, manifest) -> {
          Iterator<Entry> entries = manifest.iterator();
          if (entries.hasNext()) {
            queue.add(new Cursor(host, entries));
          }
        });
    while (!queue.isEmpty()) {
      FactKey key = queue.peek().entry.key();
      Map<String, Entry> having = new HashMap<>();
      while (!queue.isEmpty() && queue.peek().entry.key().equals(key)) {
        Cursor cursor = queue.remove();
        having.put(cursor.host, cursor.entry);
        if (cursor.advance()) {
          queue.add(cursor);
        }
      }
      gathering.fact(key, having, hosts.keySet());
    }
    Manifest any = hosts.values().iterator().next();
    return new Promotion(
        Manifest.of(any.scope(), gathering.draft),
        gathering.differing,
        gathering.labelled,
        gathering.apart);
  }

  /**
   * In how many facts each host stands apart from what is shared; hosts that do in none are left.
   */
  public Map<String, Integer> outliers() {
    Map<String, Integer> count = new TreeMap<>();
    apart.stream()
        .filter(Apart::shared)
        .forEach(a -> a.hosts().forEach(h -> count.merge(h, 1, Integer::sum)));
    return count;
  }

  /** Where one host's manifest is read. */
  private static final class Cursor {
    private final String host;
    private final Iterator<Entry> entries;
    private Entry entry;

    Cursor(String host, Iterator<Entry> entries) {
      this.host = host;
      this.entries = entries;
      this.entry = entries.next();
    }

    boolean advance() {
      if (!entries.hasNext()) {
        return false;
      }
      entry = entries.next();
      return true;
    }
  }

  /** What has been found so far. */
  private static final class Gathering {
    private final int share;
    private final List<Entry> draft = new ArrayList<>();
    private final FromLabels labels;
    private final Map<FactKey, Set<String>> differing = new HashMap<>();
    private final Map<FactKey, Map<String, String>> labelled = new HashMap<>();
    private final List<Apart> apart = new ArrayList<>();

    Gathering(int share, FromLabels labels) {
      this.share = share;
      this.labels = labels;
    }

    void fact(FactKey key, Map<String, Entry> having, Set<String> all) {
      Map<String, Attributes> stating = new TreeMap<>();
      Set<String> lacking = new HashSet<>(all);
      lacking.removeAll(having.keySet());
      having.forEach(
          (host, entry) -> {
            // Whoever could not look says nothing.
            if (!entry.isGap()) {
              stating.put(host, entry.attributes());
            }
          });
      int judged = stating.size() + lacking.size();
      if (stating.isEmpty()) {
        return;
      }
      if (!enough(stating.size(), judged)) {
        boolean rare = enough(lacking.size(), judged);
        Set<String> fewer = stating.size() <= lacking.size() ? stating.keySet() : lacking;
        apart.add(new Apart(key, "", rare, fewer));
        return;
      }
      if (!lacking.isEmpty()) {
        apart.add(new Apart(key, "", true, lacking));
      }
      draft.add(Entry.of(key, shared(key, stating)));
    }

    private Attributes shared(FactKey key, Map<String, Attributes> stating) {
      Set<String> names = new TreeSet<>();
      stating.values().forEach(a -> names.addAll(a.values().keySet()));
      Attributes.Builder out = new Attributes.Builder();
      Set<String> derived = derived(key, stating, names);
      for (String name : names) {
        if (derived.contains(name)) {
          continue;
        }
        Map<ByteString, Set<String>> byValue = new HashMap<>();
        stating.forEach(
            (host, a) ->
                a.get(name)
                    .ifPresent(v -> byValue.computeIfAbsent(v, x -> new TreeSet<>()).add(host)));
        int judged = byValue.values().stream().mapToInt(Set::size).sum();
        Map.Entry<ByteString, Set<String>> most =
            Collections.max(
                byValue.entrySet(), (a, b) -> a.getValue().size() - b.getValue().size());
        Set<String> others = new TreeSet<>();
        byValue.forEach((v, hosts) -> others.addAll(v.equals(most.getKey()) ? Set.of() : hosts));
        if (enough(most.getValue().size(), judged)) {
          out.bytes(name, most.getKey());
          if (!others.isEmpty() && !Attributes.isAnnotation(name)) {
            apart.add(new Apart(key, name, true, others));
          }
        } else if (!Attributes.isAnnotation(name)) {
          if (2 * byValue.size() > judged) {
            differing.computeIfAbsent(key, k -> new TreeSet<>()).add(name);
          } else {
            apart.add(new Apart(key, name, false, others));
          }
        }
      }
      return out.build();
    }

    /** Attributes that follow from a label; what is not alike there stands apart. */
    private Set<String> derived(FactKey key, Map<String, Attributes> stating, Set<String> names) {
      Set<String> derived = new TreeSet<>();
      for (String name : names) {
        Map<String, ByteString> values = new TreeMap<>();
        stating.forEach((host, a) -> a.get(name).ifPresent(v -> values.put(host, v)));
        if (Attributes.isAnnotation(name) || alike(values.values())) {
          continue;
        }
        labels
            .of(name, values)
            .ifPresent(
                r -> {
                  labelled.computeIfAbsent(key, k -> new TreeMap<>()).put(r.attribute(), r.text());
                  derived.add(name);
                  if (name.equals(Attributes.SHA256)) {
                    derived.addAll(Set.of(Attributes.MD5, Attributes.SIZE));
                  }
                  if (!r.others().isEmpty()) {
                    apart.add(new Apart(key, name, true, r.others()));
                  }
                });
      }
      return derived;
    }

    /** Whether nearly all are the same. */
    private boolean alike(Collection<ByteString> values) {
      Map<ByteString, Integer> count = new HashMap<>();
      values.forEach(v -> count.merge(v, 1, Integer::sum));
      return enough(Collections.max(count.values()), values.size());
    }

    private boolean enough(int alike, int of) {
      return 100L * alike >= (long) share * of;
    }
  }
}
