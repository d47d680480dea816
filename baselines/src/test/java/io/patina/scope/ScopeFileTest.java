package io.patina.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScopeFileTest {

  private static final String WHOLE =
      """
      name: example
      facets: [file, package, os]
      include:
        - /etc/**
        - /usr/**
      exclude:
        - /usr/share/doc/**
        - "/**/*.pyc"
      attributes:
        - glob: /etc/**
          names: [type, mode, sha256]
        - glob: /**
          names: [type]
      sysctls: [net.ipv4.**]
      """;

  @Test
  void aWholeScopeIsRead() throws Exception {
    Scope scope = ScopeFile.parse(WHOLE);
    assertEquals("example", scope.name());
    assertEquals(Set.of(Facet.FILE, Facet.PACKAGE, Facet.OS), scope.facets());
    assertTrue(scope.observes(Facet.OS));
    assertFalse(scope.observes(Facet.UNIT));
    assertTrue(scope.observesPath(utf8("/etc/passwd")));
    assertFalse(scope.observesPath(utf8("/var/lib/x")));
    assertFalse(scope.observesPath(utf8("/usr/share/doc/bash/README")));
    assertFalse(scope.observesPath(utf8("/usr/lib/a.pyc")));
    assertFalse(scope.observesPath(utf8("/usr/lib/a.pyc/below")));
    assertTrue(scope.entersDirectory(utf8("/")));
    assertTrue(scope.entersDirectory(utf8("/usr/share")));
    assertFalse(scope.entersDirectory(utf8("/usr/share/doc")));
    assertFalse(scope.entersDirectory(utf8("/var")));
    assertEquals(Set.of("type", "mode", "sha256"), scope.attributesOf(utf8("/etc/passwd")));
    assertEquals(Set.of("type"), scope.attributesOf(utf8("/usr/bin/x")));
    assertTrue(scope.observesSysctl("net.ipv4.ip_forward"));
    assertFalse(scope.observesSysctl("kernel.hostname"));
  }

  @Test
  void theDigestIsTheOneOfItsCanonicalText() throws Exception {
    Scope scope = ScopeFile.parse(WHOLE);
    assertEquals(
        """
        patina scope 1
        facet file
        facet package
        facet os
        include /etc/**
        include /usr/**
        exclude /usr/share/doc/**
        exclude /**/*.pyc
        attributes /etc/** mode,sha256,type
        attributes /** type
        sysctl net.ipv4.**
        """,
        scope.canonical());
    // printf '%s' "$canonical" | sha256sum
    assertEquals(
        "369bd342f24d2866692794f1ff682fee42b1a0c5c62a93a2116ab31037e71820", scope.digest().hex());
  }

  @Test
  void theNameAndTheWayOfWritingDoNotChangeTheDigest() throws Exception {
    String otherwise =
        WHOLE
            .replace("name: example", "# a comment\nname: other")
            .replace("[file, package, os]", "[os, file, package]")
            .replace("[type, mode, sha256]", "[sha256, mode, type]");
    assertEquals(ScopeFile.parse(WHOLE).digest(), ScopeFile.parse(otherwise).digest());
  }

  @Test
  void aLineBreakInAGlobDoesNotForgeARule() throws Exception {
    Scope one = ScopeFile.parse("facets: [os]\nsysctls: [\"a\\nsysctl b\"]\n");
    Scope two = ScopeFile.parse("facets: [os]\nsysctls: [a, b]\n");
    assertFalse(one.digest().equals(two.digest()));
  }

  @Test
  void mountPointsAndFileSystemTypesAreCriteria() throws Exception {
    Scope scope =
        ScopeFile.parse(
            WHOLE
                + """
                filesystems:
                  enter: [tmpfs, nfs*]
                  exclude: [squashfs, fuse.*]
                mounts:
                  enter: [/srv/golden]
                  exclude: [/usr/scratch/**]
                """);
    MountRules rules = scope.crossing();
    assertEquals(MountRules.Answer.ENTER, rules.of("nfs4", utf8("/srv")));
    assertEquals(MountRules.Answer.ENTER, rules.of("ceph", utf8("/srv/golden")));
    assertEquals(MountRules.Answer.EXCLUDE, rules.of("fuse.sshfs", utf8("/srv/golden")));
    assertEquals(MountRules.Answer.EXCLUDE, rules.of("ext4", utf8("/usr/scratch")));
    assertEquals(MountRules.Answer.NOTHING, rules.of("ext4", utf8("/usr")));
    assertEquals(rules, scope.withAttribute(Attributes.MD5).crossing());
    // What is observed by default keeps the name it had before there were these rules.
    assertFalse(scope.digest().equals(ScopeFile.parse(WHOLE).digest()));
    assertTrue(
        scope
            .canonical()
            .endsWith(
                """
                sysctl net.ipv4.**
                filesystem-enter tmpfs
                filesystem-enter nfs*
                filesystem-exclude squashfs
                filesystem-exclude fuse.*
                mount-enter /srv/golden
                mount-exclude /usr/scratch/**
                """));
  }

  @Test
  void mistakesNameTheirLineAndWhatToWrite() {
    refused("line 2, column 1: unknown key \"inclde\"", "name: x\ninclde: [/etc]\n");
    refused("line 1, column 10: unknown facet \"files\"", "facets: [files]");
    refused("known are file, kernel, mount, os, package, unit", "facets: [files]");
    refused("line 2, column 5: a path glob begins with /", "include:\n  - etc/**\n");
    refused("line 1, column 11: a set that is not closed", "include: [\"/a[\"]");
    refused("line 1, column 10: write a list", "include: /etc");
    refused("line 3, column 22: unknown attribute \"sha265\"", rule("{glob: /a, names: [sha265]}"));
    refused("line 3, column 3: a rule needs both glob and names", rule("{glob: /a}"));
    refused("line 3, column 3: a rule needs both", rule("{glob: /a, names: []}"));
    refused("line 3, column 4: unknown key \"globs\"", rule("{globs: /a}"));
    refused("line 3, column 3: write a mapping", rule("/a"));
    refused("line 2, column 1: the key \"name\" is here twice", "name: a\nname: b\n");
    refused("line 3, column 14: the key \"glob\" is here twice", rule("{glob: /a, glob: /b}"));
    refused("line 1, column 7: write text here", "name: 5");
    refused("line 1, column 6: write text here", "name:");
    refused("line 1, column 11: write text here", "include: [[/a]]");
    refused("line 1, column 9: write a mapping with enter, exclude", "mounts: [/srv]");
    refused("line 1, column 10: unknown key \"include\"", "mounts: {include: [/srv]}");
    refused("line 1, column 18: a path glob begins with /", "mounts: {enter: [srv]}");
    refused(
        "line 1, column 30: the key \"enter\" is", "filesystems: {enter: [ext4], enter: [xfs]}");
  }

  @Test
  void whatIsNoScopeIsRefused() {
    refused("a scope is a mapping", "");
    refused("a scope is a mapping", "- a");
    refused("not YAML", "include: [");
    refused("not YAML", "a: b\n---\nc: d\n");
    refused("needs include", "name: nothing of files");
    refused("needs include", "facets: [file]\ninclude: [/etc]");
    refused("at most 1048576 characters", "name: " + "x".repeat(2 << 20));
  }

  @Test
  void noFacetsAtAllIsAScopeThatObservesNothing() throws Exception {
    assertEquals(Set.of(), ScopeFile.parse("facets: []").facets());
  }

  @Test
  void aDigestIsAddedOnlyWhereTheContentIsReadAnyway() throws Exception {
    Scope scope = ScopeFile.parse(WHOLE).withAttribute(Attributes.MD5);
    assertTrue(scope.attributesOf(utf8("/etc/passwd")).contains(Attributes.MD5));
    assertEquals(Set.of("type"), scope.attributesOf(utf8("/usr/bin/x")));
    assertFalse(scope.digest().equals(ScopeFile.parse(WHOLE).digest()));
    assertTrue(scope.withAttribute("flags").attributesOf(utf8("/usr/bin/x")).contains("flags"));
  }

  private static String rule(String rule) {
    return "include: [/a]\nattributes:\n- " + rule + "\n";
  }

  private static void refused(String why, String yaml) {
    String said =
        String.valueOf(
            assertThrows(InvalidScopeException.class, () -> ScopeFile.parse(yaml)).getMessage());
    assertTrue(said.contains(why), said);
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
