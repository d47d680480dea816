package io.patina.engine.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What has to be said of one host, second by second, by the simplest means: no memory of what was
 * asked before but the last verdict, nothing computed ahead.
 */
final class SimulatedHost {

  static final Duration GRACE = Duration.ofSeconds(60);
  static final Duration SETTLE = Duration.ofSeconds(30);
  private static final Duration OUT_OF_SYNC = Duration.ofMinutes(10);
  private static final Duration CONFLICT_QUIET = Duration.ofMinutes(10);
  private static final Duration SILENT = Duration.ofMinutes(15);
  private static final Duration LATE_QUIET = Duration.ofSeconds(10);
  private static final int FROM = 50;
  private static final int HYSTERESIS = 20;

  /** Of the policy that {@link VerdictModelIT} gives the baseline. */
  private static int weight(String path) {
    return path.startsWith("/bin/heavy") ? 50 : 15;
  }

  /** When a deviation begins to weigh, by path. */
  private final Map<String, Instant> open = new TreeMap<>();

  private final List<String> history = new ArrayList<>();
  private final List<Instant> moments = new ArrayList<>();
  private String verdict = "";
  private Instant lastSeen = Instant.EPOCH;
  private boolean silent;
  private @Nullable Instant outOfSyncSince;
  private @Nullable Instant conflictAt;
  private boolean late;
  private Instant waits = Instant.MIN;

  /** A snapshot told everything that differs. */
  void snapshot(Iterable<String> differing, boolean first, Instant now) {
    Map<String, Instant> before = new TreeMap<>(open);
    open.clear();
    for (String path : differing) {
      open.put(path, before.getOrDefault(path, first ? now : now.plus(SETTLE)));
    }
    outOfSyncSince = null;
    heard(now);
  }

  /** A delta told of one path. */
  void changed(String path, boolean differs, Instant now) {
    if (differs) {
      open.putIfAbsent(path, now.plus(SETTLE));
    } else {
      open.remove(path);
    }
    heard(now);
  }

  void heartbeat(Instant now) {
    heard(now);
  }

  /** A report came whose predecessor is missing and that does not fit to what is known. */
  void gap(Instant now) {
    if (outOfSyncSince == null) {
      outOfSyncSince = now;
    }
    heard(now);
  }

  /** Something under its identity contradicted it. */
  void contradicted(Instant now) {
    conflictAt = now;
  }

  /** Its collector starts anew, which can end a conflict. */
  void restarted(Instant now) {
    Instant conflict = conflictAt;
    if (conflict != null && !now.isBefore(conflict.plus(CONFLICT_QUIET))) {
      conflictAt = null;
    }
  }

  /**
   * Something came that asks for a verdict.
   *
   * @param isLate the report was made long before; a duplicate or a stranger's says nothing of it
   */
  void asked(boolean isLate, Instant now) {
    late = isLate;
    waits = late && !history.isEmpty() ? now.plus(LATE_QUIET) : Instant.MIN;
  }

  boolean isSilent() {
    return silent;
  }

  boolean isOutOfSync() {
    return outOfSyncSince != null;
  }

  boolean isContradicted() {
    return conflictAt != null;
  }

  boolean isLate() {
    return late;
  }

  /** A report came, in time or late, which may ask for a verdict. */
  void came(boolean asks, boolean isLate, Instant now) {
    if (asks) {
      asked(isLate, now);
    } else {
      late = isLate;
    }
  }

  /** Somebody looks for silent hosts. */
  void looked(Instant progress) {
    if (!silent && lastSeen.plus(SILENT).isBefore(progress)) {
      silent = true;
      waits = Instant.MIN;
    }
  }

  private void heard(Instant now) {
    lastSeen = now;
    silent = false;
  }

  /** A second is over: what came in it came together. */
  void judge(Instant now) {
    if (now.isBefore(waits)) {
      return;
    }
    String next = next(now);
    if (!next.equals(verdict)) {
      verdict = next;
      history.add(next);
      moments.add(now);
    }
  }

  private String next(Instant now) {
    Instant gap = outOfSyncSince;
    if (conflictAt != null || silent) {
      return "unobserved";
    }
    if (gap != null) {
      return now.isBefore(gap.plus(OUT_OF_SYNC)) ? verdict : "unobserved";
    }
    int score = score(now);
    int held = score(now.minus(GRACE));
    boolean artisanal = verdict.equals("artisanal") ? score >= FROM - HYSTERESIS : held >= FROM;
    if (open.values().stream().noneMatch(from -> !from.isAfter(now))) {
      return "conforming";
    }
    return artisanal ? "artisanal" : "drifting";
  }

  /** The score of what weighed already at a moment and is still there. */
  private int score(Instant at) {
    int heavy = 0;
    int light = 0;
    for (Map.Entry<String, Instant> each : open.entrySet()) {
      if (!each.getValue().isAfter(at)) {
        int weight = weight(each.getKey());
        heavy += weight == 50 ? weight : 0;
        light += weight == 50 ? 0 : weight;
      }
    }
    return Math.min(100, heavy + Math.min(45, light));
  }

  /** Every verdict with the second at which it began. */
  List<String> history() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      lines.add(history.get(i) + " " + moments.get(i).getEpochSecond());
    }
    return lines;
  }

  /** The verdict as of a moment; empty before the first. */
  String asOf(Instant moment) {
    String last = "";
    for (int i = 0; i < history.size() && !moments.get(i).isAfter(moment); i++) {
      last = history.get(i);
    }
    return last;
  }

  /** How often it was artisanal, not so, and artisanal again within the grace, heard throughout. */
  long flaps() {
    long flaps = 0;
    for (int i = 2; i < history.size(); i++) {
      boolean back =
          history.get(i).equals("artisanal")
              && history.get(i - 2).equals("artisanal")
              && !history.get(i - 1).equals("unobserved");
      if (back && moments.get(i).isBefore(moments.get(i - 1).plus(GRACE))) {
        flaps++;
      }
    }
    return flaps;
  }
}
