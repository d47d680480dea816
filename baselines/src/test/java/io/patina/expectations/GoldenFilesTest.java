package io.patina.expectations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Comparer;
import io.patina.comparison.Comparison;
import io.patina.comparison.Difference;
import io.patina.comparison.Expectation;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.scope.Glob;
import io.patina.scope.Scope;
import io.patina.scope.ScopeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The files under {@code golden} are right, and each makes the difference it is for. */
class GoldenFilesTest {

  private static final Path GOLDEN = Path.of("golden");
  private static final String HASH = "0123456789abcdef".repeat(4);

  @Test
  void eachLintsCleanAndFitsItsSchema() throws Exception {
    int files = 0;
    for (Path file : files("expectations.yaml")) {
      assertTrue(ExpectationsFile.isMeant(Files.readString(file)), file.toString());
      assertFalse(Extending.read(file, List.of()).isEmpty(), file.toString());
      assertEquals(
          List.of(), ExpectationsSchemaTest.problems(Files.readString(file)), file.toString());
      String name = ExpectationsFile.parse(Files.readString(file)).name();
      assertEquals(String.valueOf(file.getName(1)), name);
      files++;
    }
    for (Path file : files("scope.yaml")) {
      Scope scope = ScopeFile.parse(Files.readString(file));
      assertEquals(String.valueOf(file.getName(1)), scope.name());
      files++;
    }
    assertEquals(17, files);
    String readme = Files.readString(GOLDEN.resolve("README.md"));
    for (Path file : files("expectations.yaml")) {
      assertTrue(readme.contains("(" + GOLDEN.relativize(file) + ")"), file + " is not in README");
    }
  }

  @Test
  void whatMakesAHostThatHostIsNoDrift() throws Exception {
    for (String os :
        List.of(
            "debian-host",
            "rhel-host",
            "flatcar-host",
            "fedora-coreos-host",
            "talos-host",
            "microos-host",
            "host-identity")) {
      allowed(os, file("/etc/hostname", "web1"), file("/etc/hostname", "web2"));
      allowed(os, file("/etc/machine-id", "1"), file("/etc/machine-id", "2"));
      allowed(os, file("/etc/ssh/ssh_host_rsa_key", "1"), null);
      allowed(os, null, file("/etc/ssh/ssh_host_ed25519_key.pub", "2"));
      drift(os, file("/etc/ssh/sshd_config", "1"), file("/etc/ssh/sshd_config", "2"));
      // An image's file says one thing; the manager, with what its generators made, another.
      allowed(
          os,
          enablement("console-getty", "disabled"),
          enablement("console-getty", "enabled-runtime"));
      drift(os, enablement("sshd", "disabled"), enablement("sshd", "enabled-runtime"));
      drift(os, file("/etc/hostname", "web1"), null);
      drift(os, null, file("/etc/cron.d/mine", "x"));
    }
  }

  @Test
  void debianAndRhelMakeFilesOnTheHost() throws Exception {
    allowed(
        "debian-host",
        file("/boot/initrd.img-6.1.0-18-amd64", "1"),
        file("/boot/initrd.img-6.1.0-18-amd64", "2"));
    drift(
        "debian-host",
        file("/boot/vmlinuz-6.1.0-18-amd64", "1"),
        file("/boot/vmlinuz-6.1.0-18-amd64", "2"));
    drift("debian-host", null, fact("unit", "telnet.socket", "load", "loaded"));
    drift("debian-host", fact("os", "ID", "value", "debian"), fact("os", "ID", "value", "fedora"));
    allowed("rhel-host", null, file("/boot/loader/entries/" + HASH + "-5.14.0.conf", "1"));
    allowed(
        "rhel-host",
        file("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "1"),
        file("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "2"));
    drift("rhel-host", null, file("/etc/pki/ca-trust/source/anchors/mine.pem", "1"));
  }

  @Test
  void anImageMustBeProvenAndReadOnly() throws Exception {
    asked(
        "flatcar-host",
        "kernel",
        "cmdline",
        "value",
        "mount.usr=/dev/mapper/usr verity.usrhash=" + HASH + " quiet",
        "mount.usr=/dev/vda3 quiet");
    asked("flatcar-host", "mount", "/usr", "options", "nodev,ro,relatime", "nodev,relatime,rw");
    asked(
        "fedora-coreos-host",
        "kernel",
        "cmdline",
        "value",
        "ostree=/ostree/boot.1/fedora-coreos/" + HASH + "/0 rw",
        "root=/dev/vda4");
    asked(
        "fedora-coreos-host",
        "os",
        "OSTREE_VERSION",
        "value",
        "37.20230126.20.0",
        "37.20230126.dev.0");
    asked("fedora-coreos-host", "os", "OSTREE_VERSION", "value", "412.86.202301311551-0", "");
    asked("talos-host", "os", "VERSION_ID", "value", "v1.14.0-beta.1", "ad882317");
    asked("talos-host", "mount", "/", "options", "ro,relatime", "relatime,rw");
    asked(
        "bottlerocket-host",
        "kernel",
        "cmdline",
        "value",
        "dm-mod.create=\"root,,,ro,0 1884160 verity 1 PARTUUID=a/PARTNROFF=1 PARTUUID=a/PARTNROFF=2"
            + " 4096 4096 235520 1 sha256 "
            + HASH
            + " "
            + HASH
            + " 2 restart_on_corruption ignore_zero_blocks\"",
        "root=/dev/nvme0n1p3");
    asked("bottlerocket-host", "os", "BUILD_ID", "value", "e5cd08cf", "e5cd08cf-dirty");
    asked("microos-host", "mount", "/", "options", "ro,relatime", "relatime,rw");
    asked("microos-host", "os", "ID", "value", "opensuse-microos", "opensuse-tumbleweed");
  }

  @Test
  void whatIsWritableByDesignIsNotObserved() throws Exception {
    observed("flatcar-host", true, "/usr/bin/bash", "/etc/ssh/sshd_config", "/opt/bin/kubelet");
    observed(
        "flatcar-host", false, "/var/lib/x", "/oem/grub.cfg", "/home/core/x", "/etc/ignition/x");
    observed("fedora-coreos-host", false, "/var/lib/x", "/etc/selinux/targeted/active/x");
    observed("talos-host", true, "/etc/cri/conf.d/cri.toml");
    observed(
        "talos-host", false, "/etc/kubernetes/kubeconfig-kubelet", "/system/state/config.yaml");
    observed("bottlerocket-host", true, "/x86_64-bottlerocket-linux-gnu/sys-root/usr/bin/x");
    observed("bottlerocket-host", false, "/etc/containerd/config.toml", "/opt/cni/bin/x");
    observed("microos-host", false, "/etc/etc.syncpoint/hosts", "/root/x", "/srv/x");
    observed("debian-host", true, "/etc/passwd", "/boot/vmlinuz-6.1");
    observed("rhel-host", false, "/etc/lvm/backup/x", "/usr/lib/sysimage/rpm/rpmdb.sqlite");
  }

  @Test
  void aProfileAsksForEachKernelOptionOfItsList() throws Exception {
    // A host's own file says nothing of them; the profile asks for each, and any one is missed.
    profile("container-host", 29);
    profile("kubernetes-node", 20);
    asked("kubernetes-node", "kernel", "release", "value", "5.15.0-101-generic", "5.14.0-427.el9");
    asked("kubernetes-node", "kernel", "release", "value", "6.18.5-talos", "4.18.0-553.el8");
    allowed("kubernetes-node", null, fact("kernel", "sysctl:net.ipv4.ip_forward", "value", "1"));
    drift("kubernetes-node", null, fact("kernel", "sysctl:net.ipv4.ip_forward", "value", "0"));
    drift(
        "container-host", null, fact("kernel", "sysctl:kernel.keys.root_maxkeys", "value", "200"));
    allowed(
        "container-host",
        null,
        fact("kernel", "sysctl:kernel.keys.root_maxkeys", "value", "1000000"));
  }

  private static void profile(String name, int options) throws Exception {
    Comparer comparer = comparer(name);
    List<Difference> missing = new ArrayList<>();
    comparer.compareAll(
        List.of(),
        List.of(),
        c -> {
          if (c instanceof Comparison.Differs d && key(c).startsWith("config:")) {
            missing.add(d.difference());
          }
        });
    assertEquals(options, missing.size(), missing.toString());
    TreeMap<FactKey, Entry> kernel = new TreeMap<>();
    missing.forEach(d -> kernel.put(d.key(), Entry.of(d.key(), Attributes.value("y"))));
    assertEquals(0, differing(comparer, kernel));
    FactKey veth = FactKey.of(Facet.KERNEL, "config:CONFIG_NETFILTER_XT_MARK");
    FactKey one = kernel.containsKey(veth) ? veth : kernel.firstKey();
    kernel.put(one, Entry.of(one, Attributes.value("n")));
    assertEquals(1, differing(comparer, kernel));
  }

  private static int differing(Comparer comparer, SortedMap<FactKey, Entry> kernel) {
    int[] count = new int[1];
    comparer.compareAll(
        List.of(),
        kernel.values(),
        c -> count[0] += c instanceof Comparison.Differs && key(c).startsWith("config:") ? 1 : 0);
    return count[0];
  }

  private static String key(Comparison c) {
    return c.key().displayName();
  }

  /** The manifest has neither value; the file takes the first and refuses the second. */
  private static void asked(
      String name, String facet, String key, String attribute, String right, String wrong)
      throws Exception {
    assertInstanceOf(
        Comparison.Same.class, compare(name, null, fact(facet, key, attribute, right)), right);
    assertInstanceOf(
        Comparison.Differs.class, compare(name, null, fact(facet, key, attribute, wrong)), wrong);
  }

  private static void allowed(String name, @Nullable Entry was, @Nullable Entry is)
      throws Exception {
    Entry any = was == null ? is : was;
    // Without the file it would be drift.
    assertInstanceOf(Comparison.Differs.class, compare(exact(), was, is), name + " " + any);
    assertInstanceOf(Comparison.Same.class, compare(name, was, is), name + " " + any);
  }

  private static void drift(String name, @Nullable Entry was, @Nullable Entry is) throws Exception {
    assertInstanceOf(Comparison.Differs.class, compare(name, was, is), name + " " + was + " " + is);
  }

  private static Comparison compare(String name, @Nullable Entry was, @Nullable Entry is)
      throws Exception {
    return compare(comparer(name), was, is);
  }

  private static Comparison compare(Comparer comparer, @Nullable Entry was, @Nullable Entry is) {
    Entry any = was == null ? is : was;
    if (any == null) {
      throw new IllegalArgumentException("one side at least");
    }
    return comparer.compare(
        any.key(), Optional.ofNullable(was), Optional.ofNullable(is), Optional.empty());
  }

  private static Comparer exact() {
    return new Comparer(List.of(), exhaustive());
  }

  private static Comparer comparer(String name) throws Exception {
    Path file = GOLDEN.resolve(name).resolve("expectations.yaml");
    return new Comparer(Extending.read(file, List.of()), exhaustive());
  }

  private static List<Expectation.Keys> exhaustive() {
    return Stream.of("file", "kernel", "os", "unit", "mount")
        .map(f -> new Expectation.Keys(f, Glob.of("**")))
        .toList();
  }

  private static void observed(String name, boolean is, String... paths) throws Exception {
    Scope scope = ScopeFile.parse(Files.readString(GOLDEN.resolve(name).resolve("scope.yaml")));
    for (String path : paths) {
      assertEquals(is, scope.observesPath(ByteString.copyFromUtf8(path)), name + " " + path);
    }
  }

  private static Entry file(String path, String content) {
    return fact("file", path, "type", "file", "mode", "0644", "sha256", content, "size", content);
  }

  private static Entry enablement(String service, String state) {
    return fact("unit", service + ".service", "enablement", state);
  }

  private static Entry fact(String facet, String key, String... namesAndValues) {
    Attributes.Builder out = new Attributes.Builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      out.text(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Entry.of(new FactKey(facet, ByteString.copyFromUtf8(key)), out.build());
  }

  private static List<Path> files(String name) throws IOException {
    try (Stream<Path> found = Files.walk(GOLDEN)) {
      return found.filter(f -> f.endsWith(name)).sorted().toList();
    }
  }
}
