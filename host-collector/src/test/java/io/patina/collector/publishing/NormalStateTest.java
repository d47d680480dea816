package io.patina.collector.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is normal moves along only where a package explains it. */
class NormalStateTest {
  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("scope"));
  private static final Manifest NOTHING = manifest();

  @Test
  void atTheFirstRunWhatIsThereIsNormalButNoFileAndNoPackage() {
    Manifest now =
        manifest(
            shipped("/etc/a", "a", "x"),
            value(Facet.PACKAGE, "dpkg:a:all", "1"),
            value(Facet.KERNEL, "release", "6.1"),
            value(Facet.OS, "ID", "debian"));
    assertEquals(
        List.of(value(Facet.KERNEL, "release", "6.1"), value(Facet.OS, "ID", "debian")),
        List.copyOf(new NormalState(now, NOTHING).first()));
  }

  @Test
  void aSysctlThatWasChangedIsNeverAdopted() {
    Entry before = value(Facet.KERNEL, "sysctl:net.ipv4.ip_forward", "0");
    Manifest now = manifest(value(Facet.KERNEL, "sysctl:net.ipv4.ip_forward", "1"));
    assertEquals(List.of(before), List.copyOf(new NormalState(now, NOTHING).next(List.of(before))));
  }

  @Test
  void aKernelThatAPackageBroughtBecomesNormalAndTheCommandLineButForTheImage() {
    List<Entry> before =
        List.of(
            value(Facet.KERNEL, "cmdline", "BOOT_IMAGE=/vmlinuz-6.1 root=/dev/vda1 quiet"),
            value(Facet.KERNEL, "module:old", "loaded"),
            value(Facet.KERNEL, "release", "6.1"));
    Entry commandLine =
        value(Facet.KERNEL, "cmdline", "BOOT_IMAGE=/vmlinuz-6.2 root=/dev/vda1 quiet");
    Manifest now =
        manifest(
            commandLine,
            value(Facet.KERNEL, "module:new", "loaded"),
            value(Facet.KERNEL, "release", "6.2"));
    Manifest packaged = manifest(shipped("/boot/vmlinuz-6.2", "linux-image-6.2", "kernel"));
    assertEquals(entries(now), new NormalState(now, packaged).next(before).stream().toList());
    assertEquals(before, List.copyOf(new NormalState(now, NOTHING).next(before)));
  }

  @Test
  void aParameterThatSomebodyAddedIsNotAdoptedWithTheKernel() {
    Entry before = value(Facet.KERNEL, "cmdline", "BOOT_IMAGE=/vmlinuz-6.1 quiet");
    Manifest now =
        manifest(
            value(Facet.KERNEL, "cmdline", "BOOT_IMAGE=/vmlinuz-6.2 quiet mitigations=off"),
            value(Facet.KERNEL, "release", "6.2"));
    Manifest packaged = manifest(shipped("/boot/vmlinuz-6.2", "linux-image-6.2", "kernel"));
    assertEquals(
        Optional.of(before),
        new NormalState(now, packaged)
            .next(List.of(before)).stream().filter(e -> e.key().equals(before.key())).findFirst());
  }

  @Test
  void aUnitMovesWithItsPackagedFileAndNotWithAnEditedOne() {
    Entry file = shipped("/usr/lib/systemd/system/a.service", "a", "new");
    Entry before = unit("a.service", "/usr/lib/systemd/system/a.service", "old", "active");
    Entry now = unit("a.service", "/usr/lib/systemd/system/a.service", "new", "inactive");
    Entry moved = unit("a.service", "/usr/lib/systemd/system/a.service", "new", "active");
    Manifest packaged = manifest(file);
    assertEquals(
        List.of(moved), next(manifest(file, now), packaged, before), "file and all as shipped");
    Entry edited = shipped("/usr/lib/systemd/system/a.service", "a", "edited");
    assertEquals(List.of(before), next(manifest(edited, now), packaged, before), "file edited");
  }

  @Test
  void aUnitThatComesOrGoesWithItsPackageIsFollowed() {
    Entry file = shipped("/usr/lib/systemd/system/a.service", "a", "x");
    Entry unit = unit("a.service", "/usr/lib/systemd/system/a.service", "x", "active");
    Entry own = unit("own.service", "/etc/systemd/system/own.service", "y", "active");
    assertEquals(List.of(unit), next(manifest(file, unit, own), manifest(file)));
    assertEquals(List.of(), next(manifest(), NOTHING, unit));
  }

  private static List<Entry> next(Manifest now, Manifest packaged, Entry... before) {
    Collection<Entry> next = new NormalState(now, packaged).next(List.of(before));
    return List.copyOf(next);
  }

  private static List<Entry> entries(Manifest manifest) {
    return java.util.stream.IntStream.range(0, manifest.size()).mapToObj(manifest::get).toList();
  }

  private static Manifest manifest(Entry... entries) {
    return Manifest.of(SCOPE, List.of(entries));
  }

  private static Entry value(Facet facet, String key, String value) {
    return Entry.of(FactKey.of(facet, key), Attributes.value(value));
  }

  private static Entry shipped(String path, String owner, String content) {
    return Entry.of(
        FactKey.file(ByteString.copyFromUtf8(path)),
        new Attributes.Builder()
            .text(Attributes.PACKAGE, owner)
            .bytes(Attributes.SHA256, Digest.of(ByteString.copyFromUtf8(content)).bytes())
            .build());
  }

  private static Entry unit(String name, String path, String content, String active) {
    return Entry.of(
        FactKey.of(Facet.UNIT, name),
        new Attributes.Builder()
            .text("active", active)
            .text("fragment-path", path)
            .bytes("fragment", Digest.of(ByteString.copyFromUtf8(content)).bytes())
            .build());
  }
}
