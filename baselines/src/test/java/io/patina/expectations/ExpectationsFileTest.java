package io.patina.expectations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.comparison.Constraint;
import io.patina.comparison.Expectation;
import io.patina.scope.DefaultScope;
import io.patina.scope.Glob;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExpectationsFileTest {

  static final String WHOLE =
      """
      name: web
      extends:
        - file: ../debian.yaml
        - name: container-host
          sha256: 0000000000000000000000000000000000000000000000000000000000000000
      expectations:
        - facet: file
          glob: /etc/hostname
          exactly: {content: "${label:host}\\n", mode: "0644"}
          ignored: [uid]
          reason: each host has its own
        - facet: package
          glob: dpkg:openssl:*
          atLeast: 3.0.11-1~deb12u2
          reason: fixed there
        - facet: kernel
          glob: sysctl:vm.swappiness
          oneOf: ["10", "60"]
          optional: true
          reason: both are used
        - facet: unit
          glob: telnet.socket
          absent: true
          reason: nobody may log in so
        - facet: file
          glob: /etc/cache/**
          ignored: true
          reason: written by the host
      """;

  @Test
  void aWholeFileIsRead() throws Exception {
    ExpectationsFile.Document read = ExpectationsFile.parse(WHOLE);
    assertEquals("web", read.name());
    assertEquals(
        List.of(
            new ExpectationsFile.Base(
                Optional.of("../debian.yaml"), Optional.empty(), Optional.empty()),
            new ExpectationsFile.Base(
                Optional.empty(), Optional.of("container-host"), Optional.of("0".repeat(64)))),
        read.bases());
    Expectation.Keys hostname = keys("file", "/etc/hostname");
    assertEquals(
        List.of(
            new Expectation.IgnoredAttributes(hostname, Set.of("uid"), "each host has its own"),
            new Expectation.IgnoredAttributes(
                hostname, Set.of("size", "md5"), "each host has its own"),
            new Expectation.Values(
                hostname,
                Expectation.Presence.REQUIRED,
                new TreeMap<>(
                    Map.of(
                        "sha256",
                        new Constraint.Content(List.of("${label:host}\n")),
                        "mode",
                        new Constraint.Exactly("0644"))),
                "each host has its own"),
            Expectation.Values.of(
                keys("package", "dpkg:openssl:*"),
                Expectation.Presence.STATED,
                "versions",
                new Constraint.AtLeast("3.0.11-1~deb12u2"),
                "fixed there"),
            Expectation.Values.of(
                keys("kernel", "sysctl:vm.swappiness"),
                Expectation.Presence.OPTIONAL,
                "value",
                new Constraint.OneOf(List.of("10", "60")),
                "both are used"),
            new Expectation.Absent(keys("unit", "telnet.socket"), "nobody may log in so"),
            new Expectation.Ignored(keys("file", "/etc/cache/**"), "written by the host")),
        read.expectations());
  }

  @Test
  void itIsToldFromAScope() {
    assertTrue(ExpectationsFile.isMeant(WHOLE));
    assertFalse(ExpectationsFile.isMeant(DefaultScope.yaml()));
    assertFalse(ExpectationsFile.isMeant("- a\n"));
  }

  @Test
  void mistakesAreNamedWithTheirPlaceAndWhatToWrite() {
    mistake("line 1, column 1: write a mapping", "- a");
    mistake(
        "line 1, column 1: unknown key \"expectation\"; known are name, extends",
        "expectation: []");
    mistake("write at least one entry", "expectations: []");
    mistake(
        "line 2, column 5: say why", "expectations:\n  - {facet: os, glob: ID, exactly: debian}");
    mistake(
        "line 2, column 13: unknown facet \"files\"; known are file, kernel",
        rule("facet: files, glob: /x, ignored: true"));
    mistake(
        "line 2, column 25: a path glob begins with /",
        rule("facet: file, glob: x, ignored: true"));
    mistake(
        "unknown attribute \"modes\" of the facet file; known are acl",
        rule("facet: file, glob: /x, exactly: {modes: a}"));
    mistake(
        "say of which attribute: exactly: {mode: ...}", rule("facet: file, glob: /x, exactly: a"));
    mistake(
        "in quotes if it looks like a number", rule("facet: file, glob: /x, exactly: {mode: 644}"));
    mistake("in quotes if it looks like a number", rule("facet: kernel, glob: x, exactly: 1"));
    mistake("in hexadecimal", rule("facet: file, glob: /x, exactly: {sha256: zz}"));
    mistake("a digest is exactly or oneOf", rule("facet: file, glob: /x, matches: {sha256: a.*}"));
    mistake("only exactly and oneOf", rule("facet: file, glob: /x, matches: {content: a.*}"));
    mistake(
        "leave one of them away", rule("facet: file, glob: /x, exactly: {content: a, sha256: aa}"));
    mistake(
        "is here twice; one of them is enough", rule("facet: os, glob: x, exactly: a, oneOf: [b]"));
    mistake("what is absent has no values", rule("facet: os, glob: x, exactly: a, absent: true"));
    mistake(
        "list attributes: ignored: [uid]", rule("facet: os, glob: x, exactly: a, ignored: true"));
    mistake("write true, or leave the key away", rule("facet: os, glob: x, absent: false"));
    mistake(
        "optional goes with exactly", rule("facet: os, glob: x, ignored: [value], optional: true"));
    mistake("say what is expected: exactly, oneOf", rule("facet: os, glob: x"));
    mistake("not a pattern (RE2 syntax)", rule("facet: os, glob: x, matches: '(a'"));
    mistake("not closed", rule("facet: file, glob: '/[x', ignored: true"));
    mistake("list 1 to 256 values", rule("facet: os, glob: x, oneOf: []"));
    mistake("the key \"glob\" is here twice", rule("facet: os, glob: x, glob: y, absent: true"));
    mistake("file, or with name and sha256", "extends:\n  - {name: x}");
    mistake(
        "64 hexadecimal digits in lower case, not \"AB\"", "extends:\n  - {name: x, sha256: AB}");
    mistake("not YAML", "expectations: [");
    mistake("the file is empty", "");
    mistake("more than", "#" + "x".repeat(ExpectationsFile.MAX_FILE));
  }

  private static String rule(String inside) {
    return "expectations:\n  - {" + inside + ", reason: x}";
  }

  private static void mistake(String said, String yaml) {
    String message =
        String.valueOf(
            assertThrows(
                    InvalidExpectationsException.class, () -> ExpectationsFile.parse(yaml), yaml)
                .getMessage());
    assertTrue(message.contains(said), message);
  }

  private static Expectation.Keys keys(String facet, String glob) {
    return new Expectation.Keys(facet, Glob.of(glob));
  }
}
