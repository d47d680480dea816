package io.patina.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.patina.comparison.Comparer;
import io.patina.comparison.Comparison;
import io.patina.comparison.Expectation;
import io.patina.expectations.ExpectationsFile;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PromotionTest {

  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("a scope"));

  /** Fifty hosts, each with a name, a machine id and keys of its own; two of them deviate. */
  private static Map<String, Manifest> pool() {
    Map<String, Manifest> hosts = new TreeMap<>();
    for (int i = 0; i < 50; i++) {
      TreeMap<FactKey, Entry> facts = new TreeMap<>();
      put(facts, "/etc/hostname", "web" + i);
      put(facts, "/etc/machine-id", "id " + i);
      put(facts, "/etc/ssh/ssh_host_ed25519_key{a}", "key " + i);
      put(facts, "/etc/ssh/sshd_config", i == 7 ? "edited" : "shipped");
      put(facts, "/usr/bin/sshd", "program");
      // Two generations of a pool: neither is what nearly all have.
      put(facts, "/etc/motd", i < 20 ? "old" : "new");
      if (i == 31) {
        put(facts, "/usr/local/bin/mine", "by hand");
      }
      if (i == 3) {
        FactKey sshd = key("/usr/bin/sshd");
        facts.put(sshd, Entry.of(new Gap(sshd, false, Gap.PERMISSION)));
      }
      hosts.put("web" + i, Manifest.of(SCOPE, List.copyOf(facts.values())));
    }
    return hosts;
  }

  @Test
  void fiftyHostsGiveOneDraftAndTwoOutliers() throws Exception {
    Map<String, Manifest> pool = pool();
    Promotion promotion = Promotion.of(pool, 95);
    assertEquals(Map.of("web7", 1, "web31", 1), promotion.outliers());
    assertEquals(
        Map.of(
            key("/etc/hostname"), Set.of("sha256"),
            key("/etc/machine-id"), Set.of("sha256"),
            key("/etc/ssh/ssh_host_ed25519_key{a}"), Set.of("sha256")),
        promotion.differing());
    Promotion.Apart divided =
        promotion.apart().stream().filter(a -> !a.shared()).findFirst().orElseThrow();
    assertEquals(key("/etc/motd"), divided.key());
    assertEquals(20, divided.hosts().size());

    ProposedExpectations.Written written = ProposedExpectations.of(promotion);
    assertEquals(List.of(), written.unwritable());
    List<Expectation> proposed = ExpectationsFile.parse(written.yaml()).expectations();
    assertEquals(3, proposed.size());
    Comparer comparer =
        new Comparer(proposed, List.of(new Expectation.Keys("file", Glob.of("/**"))));
    pool.forEach(
        (host, manifest) -> {
          assertEquals(
              host.equals("web7") || host.equals("web31") ? 1 : 0,
              differing(comparer, promotion, manifest, Map.of()),
              host);
        });
  }

  @Test
  void whatEqualsALabelOfTheHostIsOneExpectationThatRefersToIt() throws Exception {
    Map<String, Manifest> hosts = new TreeMap<>();
    Map<String, Map<String, String>> labels = new TreeMap<>();
    for (int i = 0; i < 50; i++) {
      TreeMap<FactKey, Entry> facts = new TreeMap<>();
      put(facts, "/etc/hostname", (i == 7 ? "renamed" : "web" + i) + "\n");
      put(facts, "/etc/machine-id", "id " + i);
      FactKey share = new FactKey("mount", ByteString.copyFromUtf8("/srv"));
      String options = "rw,addr=nfs-" + (i % 3) + ".example.org,path=${label:x}";
      facts.put(share, Entry.of(share, new Attributes.Builder().text("options", options).build()));
      hosts.put("web" + i, Manifest.of(SCOPE, List.copyOf(facts.values())));
      labels.put("web" + i, Map.of("host", "web" + i, "filer", "nfs-" + i % 3, "pool", "web"));
    }
    Promotion promotion = Promotion.of(hosts, 95, labels);
    FactKey mount = new FactKey("mount", ByteString.copyFromUtf8("/srv"));
    assertEquals(
        Map.of(
            key("/etc/hostname"),
            Map.of("content", "${label:host}\n"),
            mount,
            Map.of("options", "rw,addr=${label:filer}.example.org,path=$${label:x}")),
        promotion.labelled());
    assertEquals(Map.of(key("/etc/machine-id"), Set.of("sha256")), promotion.differing());
    assertEquals(Map.of("web7", 1), promotion.outliers());

    List<Expectation> proposed =
        ExpectationsFile.parse(ProposedExpectations.of(promotion).yaml()).expectations();
    Comparer comparer =
        new Comparer(proposed, List.of(new Expectation.Keys("file", Glob.of("/**"))));
    hosts.forEach(
        (host, manifest) -> {
          Map<String, String> own = labels.getOrDefault(host, Map.of());
          assertEquals(
              host.equals("web7") ? 1 : 0, differing(comparer, promotion, manifest, own), host);
        });
  }

  @Test
  void oneValueOfItsOwnOnEachOfAThousandHostsIsOneExpectation() throws Exception {
    Map<String, Manifest> hosts = new TreeMap<>();
    Map<String, Map<String, String>> labels = new TreeMap<>();
    for (int i = 0; i < 1_000; i++) {
      TreeMap<FactKey, Entry> facts = new TreeMap<>();
      put(facts, "/etc/hostname", "web" + i + "\n");
      put(facts, "/usr/bin/sshd", "program");
      hosts.put("web" + i, Manifest.of(SCOPE, List.copyOf(facts.values())));
      labels.put("web" + i, Map.of("host", "web" + i));
    }
    Promotion promotion = Promotion.of(hosts, 95, labels);
    assertEquals(Map.of(), promotion.outliers());
    String yaml = ProposedExpectations.of(promotion).yaml();
    assertEquals(
        """
        expectations:
          - facet: file
            glob: "/etc/hostname"
            exactly: {"content": "${label:host}\\n"}
            reason: follows from a label of the host; proposed, look at it
        """,
        yaml);
    List<Expectation> proposed = ExpectationsFile.parse(yaml).expectations();
    Comparer comparer =
        new Comparer(proposed, List.of(new Expectation.Keys("file", Glob.of("/**"))));
    hosts.forEach(
        (host, manifest) -> {
          assertEquals(0, differing(comparer, promotion, manifest, Map.of("host", host)), host);
          // Under the label of another it is another's value: the expectation does bind.
          assertEquals(
              1, differing(comparer, promotion, manifest, Map.of("host", "of another")), host);
        });
  }

  private static int differing(
      Comparer comparer, Promotion promotion, Manifest manifest, Map<String, String> labels) {
    int[] differing = new int[1];
    comparer
        .labelled(labels)
        .compareAll(
            promotion.draft(),
            manifest,
            c -> differing[0] += c instanceof Comparison.Differs ? 1 : 0);
    return differing[0];
  }

  @Test
  void aHostThatLacksWhatNearlyAllHaveStandsApart() {
    Map<String, Manifest> pool = pool();
    pool.put("web9", Manifest.of(SCOPE, List.of()));
    Promotion promotion = Promotion.of(pool, 95);
    assertEquals(6, promotion.outliers().getOrDefault("web9", 0));
  }

  @Test
  void differentScopesCannotBeCompared() {
    Map<String, Manifest> pool = pool();
    pool.put("web9", Manifest.of(Digest.of(ByteString.EMPTY), List.of()));
    assertThrows(IllegalArgumentException.class, () -> Promotion.of(pool, 95));
    assertThrows(IllegalArgumentException.class, () -> Promotion.of(pool(), 50));
  }

  private static void put(Map<FactKey, Entry> facts, String path, String content) {
    facts.put(
        key(path),
        Entry.of(
            key(path),
            new Attributes.Builder()
                .text("mode", "0644")
                .bytes("sha256", Digest.of(ByteString.copyFromUtf8(content)).bytes())
                .build()));
  }

  private static FactKey key(String path) {
    return FactKey.file(ByteString.copyFromUtf8(path));
  }
}
