package io.patina.collector.dpkg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DpkgParsersTest {

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Test
  void readsStanzasWithTheirConffiles() {
    List<DpkgPackage> found = new ArrayList<>();
    List<String> malformed = new ArrayList<>();
    StatusFile.parse(
        text(
            """
            Package: bash
            Status: hold ok installed
            Architecture: amd64
            Multi-Arch: foreign
            Version: 5.2.15-2+b2
            Conffiles:
             /etc/bash.bashrc 89269e1298235f1b12b4c16e4065ad0d
             /etc/with space 89269e1298235f1b12b4c16e4065ad0e
             /etc/old 89269e1298235f1b12b4c16e4065ad0f obsolete
             /etc/gone newconffile remove-on-upgrade
            Description: a shell
             Package: not a field

            Package: left
            Status: deinstall ok config-files
            Architecture: all
            Version: 1
            """),
        found::add,
        malformed::add);

    assertEquals(List.of(), malformed);
    assertEquals(List.of("dpkg:bash:amd64", "dpkg:left:all"), keys(found));
    assertTrue(found.get(0).unpacked());
    assertTrue(found.get(1).onlyConffiles());
    List<DpkgPackage.Conffile> conffiles = found.get(0).conffiles();
    assertEquals(4, conffiles.size());
    assertEquals(text("/etc/with space"), conffiles.get(1).path());
    assertTrue(conffiles.get(2).obsolete() && conffiles.get(2).md5().isPresent());
    assertTrue(conffiles.get(3).obsolete() && conffiles.get(3).md5().isEmpty());
  }

  @Test
  void tellsOfAStanzaThatItDoesNotUnderstandAndGoesOn() {
    List<DpkgPackage> found = new ArrayList<>();
    List<String> malformed = new ArrayList<>();
    StatusFile.parse(
        text(
            "Package: ../../etc\nStatus: install ok installed\n\nPackage: b\nStatus: x\n\nPackage: c\n"),
        found::add,
        malformed::add);

    assertEquals(2, malformed.size());
    assertEquals(List.of("dpkg:c:"), keys(found));
  }

  @Test
  void theLastFilterThatMatchesWins() {
    PathFilters filters = new PathFilters();
    filters.add(
        text(
            """
            # documentation
            path-exclude=/usr/share/doc/*
            path-include=/usr/share/doc/*/copyright
            path-exclude /usr/share/man/*
            path-exclude=/opt/[!a-c]?\\*
            force-unsafe-io
            """));

    assertTrue(filters.excludes(text("/usr/share/doc/bash/README")));
    assertFalse(filters.excludes(text("/usr/share/doc/bash/copyright")));
    assertTrue(filters.excludes(text("/usr/share/man/man1/bash.1.gz")));
    assertTrue(filters.excludes(text("/opt/dx*")));
    assertFalse(filters.excludes(text("/opt/ax*")));
    assertFalse(filters.excludes(text("/opt/dxx")));
    assertFalse(filters.excludes(text("/usr/bin/bash")));
  }

  @Test
  void aDiversionMovesEveryonesFileButTheKeepers() {
    Diversions diversions = Diversions.parse(text("/bin/sh\n/bin/sh.distrib\ndash\n/a\n/b\n:\n"));

    assertEquals(text("/bin/sh"), diversions.placed(text("/bin/sh"), "dash"));
    assertEquals(text("/bin/sh.distrib"), diversions.placed(text("/bin/sh"), "bash"));
    assertEquals(text("/b"), diversions.placed(text("/a"), "anything"));
  }

  @Test
  void anAutomaticAlternativeIsTheBestAndAManualOneTheChosen() {
    String choices =
        """
        /usr/bin/editor
        editor.1.gz
        /usr/share/man/man1/editor.1.gz

        /bin/ed
        -100

        /usr/bin/vim.basic
        30
        /usr/share/man/man1/vim.1.gz
        /usr/bin/vim.tiny
        30


        """;
    Alternatives automatic = Alternatives.parse(text("auto\n" + choices)).orElseThrow();
    Alternatives manual = Alternatives.parse(text("manual\n" + choices)).orElseThrow();
    Optional<ByteString> ed = Optional.of(text("/bin/ed"));

    assertEquals(3, automatic.choices().size());
    assertEquals(text("/usr/bin/vim.basic"), automatic.inForce(ed).orElseThrow().path());
    assertEquals(text("/bin/ed"), manual.inForce(ed).orElseThrow().path());
    assertEquals(
        text("/usr/bin/vim.basic"),
        manual.inForce(Optional.of(text("/tmp/evil"))).orElseThrow().path());
    assertEquals(Optional.empty(), Alternatives.parse(text("what\nis\nthis\n")));
  }

  @Test
  void statOverridesKeepSpacesAndSpecialBits() {
    StatOverrides overrides =
        StatOverrides.parse(text("root #104 4754 /usr/lib/a b\nroot root x /c\n"));

    StatOverrides.StatOverride only = overrides.of(text("/usr/lib/a b")).orElseThrow();
    assertEquals(04754, only.mode());
    assertEquals("#104", only.group());
    assertEquals(1, overrides.all().size());
  }

  @Test
  void md5sumsWithoutFirstSlashNameAbsolutePaths() {
    Md5Sums sums =
        Md5Sums.parse(
            text(
                """
                89269e1298235f1b12b4c16e4065ad0d  usr/bin/a b
                89269e1298235f1b12b4c16e4065ad0d  ./usr/bin/c
                rubbish
                """));

    assertTrue(sums.digests().containsKey(text("/usr/bin/a b")));
    assertTrue(sums.digests().containsKey(text("/usr/bin/c")));
    assertEquals(1, sums.malformed());
  }

  private static List<String> keys(List<DpkgPackage> packages) {
    return packages.stream().map(DpkgPackage::key).toList();
  }
}
