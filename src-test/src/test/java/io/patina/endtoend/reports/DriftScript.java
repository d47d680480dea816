package io.patina.endtoend.reports;

import com.google.protobuf.ByteString;
import io.patina.comparison.Expectation;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import io.patina.wire.v1.Report;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * What happens to a pool of simulated hosts: files, packages and units change, vanish, appear and
 * come back, collectors start anew. The seed decides everything.
 */
public final class DriftScript {

  private static final int FILES = 40;
  private static final int PACKAGES = 10;
  private static final int UNITS = 10;

  private final Random random;
  private final Manifest golden;
  private final List<FactKey> keys = new ArrayList<>();
  private final List<SimulatedInstallation> hosts = new ArrayList<>();

  public DriftScript(long seed, int hostCount) {
    this.random = new Random(seed);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      entries.add(Entry.of(FactKey.of(Facet.FILE, "/usr/bin/program-" + i), file(0)));
    }
    for (int i = 0; i < PACKAGES; i++) {
      entries.add(
          Entry.of(FactKey.of(Facet.PACKAGE, "dpkg:package-" + i + ":amd64"), versions("1.0-1")));
    }
    for (int i = 0; i < UNITS; i++) {
      entries.add(Entry.of(FactKey.of(Facet.UNIT, "unit-" + i + ".service"), active("active")));
    }
    entries.forEach(e -> keys.add(e.key()));
    for (int i = 0; i < 5; i++) {
      keys.add(FactKey.of(Facet.FILE, "/usr/bin/stray-" + i));
    }
    Digest scope = Digest.of(ByteString.copyFromUtf8("the scope of simulated hosts"));
    this.golden = Manifest.of(scope, entries);
    for (int i = 0; i < hostCount; i++) {
      hosts.add(new SimulatedInstallation("simulated-" + i, golden, random.nextLong()));
    }
  }

  public List<SimulatedInstallation> hosts() {
    return List.copyOf(hosts);
  }

  public Manifest golden() {
    return golden;
  }

  /** The baseline of the pool: exactly the golden manifest, nothing else in /usr/bin. */
  public GoldenBaseline baseline() {
    return new GoldenBaseline(
        "simulated",
        "1",
        golden.digest(),
        List.of(golden.scope()),
        List.of(new Expectation.Keys("file", Glob.of("/usr/bin/**"))),
        List.of(),
        "pet",
        new Selector(Optional.empty(), Map.of()),
        Instant.parse("2026-11-01T00:00:00Z"),
        "the end-to-end tests");
  }

  /** The snapshot by which this host is first heard of. */
  public Report opening(SimulatedInstallation host) {
    return host.snapshot(random.nextBoolean() ? Optional.of(golden) : Optional.empty());
  }

  /** The next report of some host. */
  public Report next() {
    SimulatedInstallation host = hosts.get(random.nextInt(hosts.size()));
    int dice = random.nextInt(100);
    if (dice < 12) {
      return host.heartbeat();
    }
    if (dice < 15) {
      host.restart();
      return opening(host);
    }
    Map<FactKey, Optional<Entry>> changes = new TreeMap<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      FactKey key = keys.get(random.nextInt(keys.size()));
      Optional<Entry> now = host.fact(key);
      Optional<Entry> next = another(key);
      if (!now.equals(next)) {
        changes.put(key, next);
      }
    }
    return changes.isEmpty() ? host.heartbeat() : host.delta(changes);
  }

  /** Half of the time as in the baseline, so that deviations end as often as they begin. */
  private Optional<Entry> another(FactKey key) {
    if (random.nextBoolean()) {
      return golden.find(key);
    }
    if (random.nextInt(4) == 0) {
      return Optional.empty();
    }
    int variant = 1 + random.nextInt(3);
    return Optional.of(
        Entry.of(
            key,
            switch (key.facet()) {
              case "package" -> versions("1.0-1+local" + variant);
              case "unit" -> active(variant == 1 ? "failed" : "inactive");
              default -> file(variant);
            }));
  }

  static Attributes file(int variant) {
    return new Attributes.Builder()
        .text(Attributes.TYPE, "file")
        .text(Attributes.MODE, "0755")
        .text(Attributes.UID, "0")
        .text(Attributes.GID, "0")
        .text(Attributes.SIZE, "1000")
        .bytes(Attributes.SHA256, Digest.of(ByteString.copyFromUtf8("content " + variant)).bytes())
        .build();
  }

  private static Attributes versions(String versions) {
    return new Attributes.Builder().text("versions", versions).build();
  }

  private static Attributes active(String state) {
    return new Attributes.Builder().text("active", state).text("enablement", "enabled").build();
  }
}
