package io.patina.collector.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Roots that are not as anybody would make them. */
@Timeout(120)
class OddRootsTest {
  private static final String PACKAGE =
      "Package: x\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n";

  @TempDir Path directory;

  @BeforeEach
  void root() throws IOException {
    Files.createDirectories(root("var/lib/dpkg/info"));
    Files.createDirectories(root("etc"));
    Files.writeString(root("etc/os-release"), "ID=debian\nVERSION_ID=13\n");
    Files.writeString(root("var/lib/dpkg/status"), PACKAGE + "\n");
    Files.writeString(root("var/lib/dpkg/info/x.list"), "/.\n/etc\n/etc/os-release\n");
  }

  @Test
  void anEmptyRootIsNotCalledConforming() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Answer answer = check(empty.toString());
    assertEquals(2, answer.exit(), answer.out());
    assertTrue(answer.err().contains("no package database was found"), answer.err());
  }

  @Test
  void aRootThatIsALinkOrWrittenWithDotsAndSlashesIsTheSameRoot() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("root"));
    String plain = fingerprint(check(root("").toString()));
    for (String way :
        List.of(link.toString(), link + "/", root("") + "/../root//.", root("") + "/")) {
      assertEquals(plain, fingerprint(check(way)), way);
    }
  }

  @Test
  void anOsReleaseThatIsAPipeIsAGapAndHoldsNobodyUp() throws Exception {
    Files.delete(root("etc/os-release"));
    assertEquals(
        0, new ProcessBuilder("mkfifo", root("etc/os-release").toString()).start().waitFor());
    Answer answer = check(root("").toString());
    assertTrue(answer.out().contains("\"malformed\""), answer.out());
  }

  @Test
  void aPackageDatabaseThatIsADirectoryIsAGapAndNotAHostWithoutPackages() throws IOException {
    Files.delete(root("var/lib/dpkg/status"));
    Files.createDirectory(root("var/lib/dpkg/status"));
    Answer answer = check(root("").toString());
    assertTrue(answer.out().contains("\"malformed\""), answer.out());
    assertTrue(answer.out().contains("dpkg:"), answer.out());
  }

  @Test
  void aLineOfAHundredThousandBytesIsALineLikeAnyOther() throws IOException {
    String plain = fingerprint(check(root("").toString()));
    Files.writeString(
        root("var/lib/dpkg/status"), PACKAGE + "Description: " + "a".repeat(100_000) + "\n\n");
    assertEquals(plain, fingerprint(check(root("").toString())));
  }

  @Test
  void namesWithBackslashesQuotesAndBytesThatAreNoTextDoNotBreakTheJson() throws Exception {
    String script =
        """
        : > 'back\\slash'
        : > 'quo"te'
        : > "$(printf 'in\\377valid')"
        : > "$(printf 'line\\nbreak')"
        : > "$(printf 'surrogate\\355\\240\\200')"
        """;
    assertEquals(
        0,
        new ProcessBuilder("/bin/sh", "-e", "-c", script)
            .directory(root("etc").toFile())
            .start()
            .waitFor());
    Answer answer = check(root("").toString());
    assertEquals(1, answer.exit(), answer.err());
    List<String> keys = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(answer.out())) {
      while (json.nextToken() != null) {
        if ("key".equals(json.currentName()) && json.currentToken().isScalarValue()) {
          keys.add(json.getText());
        }
      }
    }
    assertTrue(
        keys.stream().filter(k -> k.startsWith("/etc/")).distinct().count() >= 5, keys::toString);
  }

  private Path root(String below) {
    Path root = directory.resolve("root");
    return below.isEmpty() ? root : root.resolve(below);
  }

  private static String fingerprint(Answer answer) {
    Matcher found = Pattern.compile("\"fingerprint\" *: *\"([0-9a-f]+)\"").matcher(answer.out());
    assertTrue(found.find(), answer.out() + answer.err());
    return found.group(1);
  }

  private static Answer check(String root) {
    return Answer.to(List.of("check", "--root", root, "--format", "json"));
  }
}
