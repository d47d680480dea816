package io.patina.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionOrderTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void versionsAreOrderedAsTheirFamilyDoes() {
    ascending(
        VersionOrder.DPKG,
        List.of("1.0~rc1-1", "1.0-0.1", "1.0-1~bpo12+1", "1.0-1", "1.0-1+b1", "1.0a-1", "1:0.1"));
    ascending(
        VersionOrder.DPKG, List.of("3.0.9-1", "3.0.11-1~deb12u1", "3.0.11-1~deb12u2", "3.0.11-1"));
    ascending(
        VersionOrder.RPM,
        List.of("1.0~rc1-1", "1.0-1.el9", "1.0-10.el9", "1.0^git1-1", "1.0.1-1", "2:0.9-1"));
    ascending(
        VersionOrder.GENERAL,
        List.of("6.1.0-rc3", "6.1.0", "6.1.0-18-amd64", "6.1.2", "6.12.0", "v7.0.0-alpha.1"));
    equal(VersionOrder.RPM, "1.0", "1.0-5.el9");
    equal(VersionOrder.RPM, "0:1.0-1", "1.0-1");
    equal(VersionOrder.DPKG, "0:1.0-1", "1.0-01");
    equal(VersionOrder.GENERAL, "v1.14.0", "1.14");
    equal(VersionOrder.GENERAL, "4799.0.0+nightly-20251212", "4799.0.0");
  }

  @Test
  void dpkgAgrees() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/dpkg")),
        "dpkg is not installed, so its order is not held beside ours");
    List<String[]> pairs = pairs("0123456789abz.+~", "-");
    StringBuilder script = new StringBuilder();
    for (String[] p : pairs) {
      script.append("dpkg --compare-versions '%s' lt '%s' && echo -1 || ".formatted(p[0], p[1]));
      script.append(
          "{ dpkg --compare-versions '%s' eq '%s' && echo 0 || echo 1; }\n".formatted(p[0], p[1]));
    }
    agree(VersionOrder.DPKG, pairs, run(script.toString(), "sh"));
  }

  @Test
  void rpmAgrees() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/rpm")),
        "rpm is not installed, so its order is not held beside ours");
    List<String[]> pairs = pairs("0123456789abz._~^", "");
    StringBuilder script = new StringBuilder("%{lua:");
    for (String[] p : pairs) {
      script.append("print(rpm.vercmp('%s','%s')..'\\n')\n".formatted(p[0], p[1]));
    }
    List<String> said = run(script.append('}').toString(), "sh", "-c", "rpm --eval \"$(cat)\"");
    agree(VersionOrder.RPM, pairs, said.stream().filter(l -> !l.isBlank()).toList());
  }

  private static void agree(VersionOrder order, List<String[]> pairs, List<String> said) {
    assertEquals(pairs.size(), said.size());
    for (int i = 0; i < pairs.size(); i++) {
      assertEquals(
          Integer.parseInt(said.get(i).trim()),
          Integer.signum(order.compare(pairs.get(i)[0], pairs.get(i)[1])),
          pairs.get(i)[0] + " and " + pairs.get(i)[1]);
    }
  }

  private List<String> run(String input, String... command) throws IOException {
    Path in = Files.writeString(directory.resolve("in"), input);
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }

  /** Versions that are near each other, so that each rule decides now and then. */
  private static List<String[]> pairs(String letters, String revision) {
    Random random = new Random(4);
    List<String[]> pairs = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String one = version(random, letters, revision);
      char[] other = one.toCharArray();
      int at = 1 + random.nextInt(other.length - 1);
      if (other[at] != '-') {
        other[at] = letters.charAt(random.nextInt(letters.length()));
      }
      String changed = new String(other);
      pairs.add(
          new String[] {one, random.nextInt(4) == 0 ? changed.substring(0, at) + "0" : changed});
    }
    return pairs;
  }

  private static String version(Random random, String letters, String revision) {
    StringBuilder out = new StringBuilder().append(random.nextInt(3));
    for (int i = 0; i < 6; i++) {
      out.append(letters.charAt(random.nextInt(letters.length())));
    }
    return revision.isEmpty() ? out.toString() : out + revision + random.nextInt(3);
  }

  private static void ascending(VersionOrder order, List<String> versions) {
    for (int i = 0; i < versions.size(); i++) {
      for (int j = 0; j < versions.size(); j++) {
        assertEquals(
            Integer.compare(i, j),
            Integer.signum(order.compare(versions.get(i), versions.get(j))),
            versions.get(i) + " and " + versions.get(j));
      }
    }
  }

  private static void equal(VersionOrder order, String one, String other) {
    assertEquals(0, order.compare(one, other), one + " and " + other);
  }
}
