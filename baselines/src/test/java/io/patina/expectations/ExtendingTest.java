package io.patina.expectations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.comparison.Expectation;
import io.patina.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtendingTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void ownExpectationsComeFirstThenThoseOfTheBasesInTheirOrder() throws Exception {
    write("all.yaml", "", "all");
    write("debian.yaml", "extends: [{file: all.yaml}]\n", "debian");
    write("profiles/pods/expectations.yaml", "", "pods");
    Path web =
        write(
            "web.yaml",
            "extends: [{file: debian.yaml}, {name: pods, sha256: "
                + digest("profiles/pods/expectations.yaml")
                + "}]\n",
            "web");
    assertEquals(
        List.of("web", "debian", "all", "pods"),
        Extending.read(web, List.of(directory.resolve("profiles"))).stream()
            .map(Expectation::reason)
            .toList());
  }

  @Test
  void aFileMayBeExtendedTwiceButNotByItself() throws Exception {
    write("all.yaml", "", "all");
    write("a.yaml", "extends: [{file: all.yaml}]\n", "a");
    Path both = write("both.yaml", "extends: [{file: a.yaml}, {file: all.yaml}]\n", "both");
    assertEquals(4, Extending.read(both, List.of()).size());
    Path x = write("x.yaml", "extends: [{file: y.yaml}]\n", "x");
    write("y.yaml", "extends: [{file: ./x.yaml}]\n", "y");
    refused("x.yaml: it extends itself, by way of x.yaml, y.yaml", x);
  }

  @Test
  void tooDeepAndTooManyAreRefused() throws Exception {
    write("d0.yaml", "", "d0");
    for (int i = 1; i <= Extending.MAX_DEPTH; i++) {
      write("d" + i + ".yaml", "extends: [{file: d" + (i - 1) + ".yaml}]\n", "d" + i);
    }
    assertEquals(8, Extending.read(directory.resolve("d7.yaml"), List.of()).size());
    refused("more than 8 files extend one another", directory.resolve("d8.yaml"));
    // Four times four times four: few files, read often.
    write("e0.yaml", "", "e0");
    for (int i = 1; i <= 4; i++) {
      String base = "{file: e" + (i - 1) + ".yaml}";
      write(
          "e" + i + ".yaml",
          "extends: [" + String.join(",", List.of(base, base, base, base)) + "]\n",
          "e");
    }
    refused("more than 64 files are extended", directory.resolve("e4.yaml"));
  }

  @Test
  void whatIsNotThereOrAnotherIsNamed() throws Exception {
    refused("no such file; write its path", write("a.yaml", "extends: [{file: b.yaml}]\n", "a"));
    refused(
        "no such file; write its path", write("p.yaml", "extends: [{file: /etc/passwd}]\n", "a"));
    refused(
        "there is no b.yaml or b/expectations.yaml",
        write("c.yaml", "extends: [{name: b, sha256: " + "0".repeat(64) + "}]\n", "c"));
    write("b.yaml", "", "b");
    refused(
        "but that file is " + digest("b.yaml"),
        write("d.yaml", "extends: [{name: b, sha256: " + "0".repeat(64) + "}]\n", "d"));
    Files.writeString(directory.resolve("b.yaml"), "expectations: [{}]");
    refused("b.yaml: line 1, column 16: say", directory.resolve("a.yaml"));
  }

  private void refused(String why, Path file) {
    String said =
        String.valueOf(
            assertThrows(InvalidExpectationsException.class, () -> Extending.read(file, List.of()))
                .getMessage());
    assertTrue(said.contains(why), said);
  }

  private String digest(String name) throws IOException {
    return Digest.of(ByteString.copyFrom(Files.readAllBytes(directory.resolve(name)))).hex();
  }

  private Path write(String name, String head, String reason) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(
        file,
        head + "expectations: [{facet: os, glob: ID, exactly: debian, reason: " + reason + "}]\n");
  }
}
