package io.patina.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a checkout of its own, with a java and a mvn that only write down how they were
 * called: what it looks for, builds and hands on.
 */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "patina").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of("baselines", "host-collector", "drift-engine", "deploy");

  @TempDir Path directory;

  private Path checkout = Path.of("unset");
  private Path jdk = Path.of("unset");
  private Path bin = Path.of("unset");
  private Path calls = Path.of("unset");

  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void checkout() throws IOException {
    checkout = Files.createDirectory(directory.resolve("check out"));
    calls = directory.resolve("mvn.calls");
    Files.copy(LAUNCHER, checkout.resolve("patina"));
    executable(checkout.resolve("patina"));
    Files.createDirectory(checkout.resolve(".mvn"));
    Files.writeString(checkout.resolve("pom.xml"), "");
    for (String module : MODULES) {
      Files.createDirectories(checkout.resolve(module).resolve("src"));
      Files.writeString(checkout.resolve(module).resolve("pom.xml"), "");
    }
    jdk = directory.resolve("jdk");
    program(jdk.resolve("bin/java"), "pwd; for a in \"$@\"; do echo \"<$a>\"; done");
    program(jdk.resolve("bin/javac"), ":");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    bin = directory.resolve("bin");
    program(
        bin.resolve("mvn"),
        """
        echo "$@" >>'%s'
        for m in baselines host-collector drift-engine deploy; do mkdir -p $m/target/classes $m/target/lib; done
        echo '[INFO] Building Patina baselines 0.1.0-SNAPSHOT                [1/2]'
        if [ -e broken ]; then echo '[ERROR] it does not compile'; exit 1; fi
        if [ -e reports ]; then mkdir -p deploy/target/surefire-reports; cp reports/* deploy/target/surefire-reports; fi
        """
            .formatted(calls));
  }

  @Test
  void argumentsReachTheProgramUntouchedAndFromWhereTheyWereGiven() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("else where"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("p"), checkout.resolve("patina"));
    Ended ended = run(elsewhere, link.toString(), "check", "--root", "a  b", "", "*", "'\"$x");
    assertEquals(0, ended.code(), ended.err());
    List<String> lines = ended.out().lines().toList();
    assertEquals(elsewhere.toRealPath().toString(), lines.getFirst());
    assertEquals(
        List.of("<check>", "<--root>", "<a  b>", "<>", "<*>", "<'\"$x>"),
        lines.subList(lines.size() - 6, lines.size()));
  }

  @Test
  void aOneShotBuildsTheCollectorAloneAndOnlyWhenSourcesAreNewer() throws Exception {
    assertEquals(0, patina("check").code());
    assertEquals(0, patina("capture").code());
    List<String> built = Files.readAllLines(calls);
    assertEquals(1, built.size(), built.toString());
    assertTrue(built.getFirst().contains("-pl baselines,host-collector package"), built.toString());

    touch(checkout.resolve("drift-engine/src"));
    assertEquals(0, patina("check").code());
    assertEquals(1, Files.readAllLines(calls).size());

    touch(checkout.resolve("baselines/src"));
    assertEquals(0, patina("check").code());
    assertEquals(2, Files.readAllLines(calls).size());
  }

  @Test
  void upBuildsTheLineWhichIncludesWhatAOneShotNeeds() throws Exception {
    assertEquals(0, patina("up").code());
    assertEquals(0, patina("check").code());
    List<String> built = Files.readAllLines(calls);
    assertEquals(1, built.size(), built.toString());
    assertTrue(built.getFirst().contains("baselines,host-collector,drift-engine,deploy"));
  }

  @Test
  void progressGoesToStandardErrorSoThatJsonStaysClean() throws Exception {
    Ended ended = patina("check");
    assertTrue(ended.err().contains("building Patina baselines [1/2]"), ended.err());
    assertFalse(ended.out().contains("building"));
  }

  @Test
  void aFailedBuildShowsItsErrorsAndIsTriedAgain() throws Exception {
    Files.createFile(checkout.resolve("broken"));
    Ended failed = patina("check");
    assertEquals(2, failed.code());
    assertTrue(failed.err().contains("it does not compile"), failed.err());
    assertTrue(failed.err().contains("build.log"), failed.err());
    Files.delete(checkout.resolve("broken"));
    assertEquals(0, patina("check").code());
  }

  @Test
  void anOldJdkIsPassedOverForTheNextPlaceToLook() throws Exception {
    Path old = directory.resolve("old");
    program(old.resolve("bin/java"), "echo too old");
    program(old.resolve("bin/javac"), ":");
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    Path systemWide = Files.createDirectories(directory.resolve("jvm"));
    Files.createSymbolicLink(systemWide.resolve("a"), old);
    Files.createSymbolicLink(systemWide.resolve("b"), jdk);
    ProcessBuilder builder = withoutJava(systemWide);
    builder.environment().put("PATINA_JAVA_HOME", old.toString());
    Ended ended = ended(builder);
    assertEquals(0, ended.code(), ended.err());
    assertFalse(ended.out().contains("too old"));
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    Ended ended = ended(withoutJava(directory.resolve("none")));
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("JDK 25"), ended.err());
    assertTrue(ended.err().contains("PATINA_JAVA_HOME"), ended.err());
  }

  @Test
  void withoutMavenItSaysSo() throws Exception {
    Files.delete(bin.resolve("mvn"));
    ProcessBuilder builder = withoutJava(directory.resolve("none"));
    builder.environment().put("PATINA_JAVA_HOME", jdk.toString());
    Ended ended = ended(builder);
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("Maven is missing"), ended.err());
  }

  @Test
  void testCountsAllReportsAndFailsIfOneFailed() throws Exception {
    Path reports = Files.createDirectory(checkout.resolve("reports"));
    report(reports.resolve("TEST-a.xml"), 5, 0, 0, 1);
    report(reports.resolve("TEST-b.xml"), 7, 0, 0, 0);
    Ended good = patina("test");
    assertEquals("11 passed, 0 failed, 1 skipped", last(good.out()));
    assertEquals(0, good.code());
    report(reports.resolve("TEST-c.xml"), 4, 1, 2, 0);
    Ended bad = patina("test");
    assertEquals("12 passed, 3 failed, 1 skipped", last(bad.out()));
    assertEquals(1, bad.code());
  }

  @Test
  void aSuiteThatDoesNotCompileFailsWhateverTheCount() throws Exception {
    Files.createFile(checkout.resolve("broken"));
    Ended ended = patina("test");
    assertEquals("0 passed, 0 failed, 0 skipped", last(ended.out()));
    assertEquals(1, ended.code());
  }

  @Test
  void helpNamesEveryCommandAndAnUnknownOneIsWrongUsage() throws Exception {
    Ended help = patina("help");
    assertEquals(0, help.code());
    for (String command :
        List.of(
            "check", "capture", "baseline", "policy", "collect", "up", "down", "status", "test")) {
      assertTrue(help.out().contains("./patina " + command + " "), command);
    }
    assertEquals(2, patina("reimage").code());
    assertEquals(2, patina("bench", "everything").code());
  }

  @Test
  void shellcheckFindsNothing() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/shellcheck")), "shellcheck is not installed");
    Ended ended =
        ended(
            new ProcessBuilder(
                "/usr/bin/shellcheck",
                LAUNCHER.toString(),
                LAUNCHER.resolveSibling(".ci/run").toString()));
    assertEquals("", ended.out());
  }

  /** {@code check} with no java on the path and another directory for the system's JDKs. */
  private ProcessBuilder withoutJava(Path systemWide) throws IOException {
    Path launcher = checkout.resolve("patina");
    Files.writeString(
        launcher, Files.readString(launcher).replace("/usr/lib/jvm/*", systemWide + "/*"));
    Path tools = Files.createDirectory(directory.resolve("tools"));
    for (String tool :
        List.of("dirname", "readlink", "sed", "find", "head", "mkdir", "rm", "cat", "mv", "grep")) {
      for (String place : List.of("/usr/bin", "/bin")) {
        Path program = Path.of(place, tool);
        if (Files.exists(program) && !Files.exists(tools.resolve(tool))) {
          Files.createSymbolicLink(tools.resolve(tool), program);
        }
      }
    }
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", launcher.toString(), "check");
    builder.environment().remove("PATINA_JAVA_HOME");
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("PATH", bin + ":" + tools);
    return builder;
  }

  private Ended patina(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(checkout.resolve("patina").toString());
    command.addAll(List.of(arguments));
    return run(directory, command.toArray(String[]::new));
  }

  private Ended run(Path from, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile());
    builder.environment().put("PATINA_JAVA_HOME", jdk.toString());
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    return ended(builder);
  }

  private Ended ended(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    int code = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Ended(code, Files.readString(out), Files.readString(err));
  }

  private static String last(String output) {
    return output.lines().reduce("", (before, line) -> line);
  }

  private static void report(Path file, int tests, int failures, int errors, int skipped)
      throws IOException {
    Files.writeString(
        file,
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite name="x" time="0.1" tests="%d" errors="%d" skipped="%d" failures="%d">
          <testcase name="prints &lt;testsuite tests=&quot;9&quot;"/>
        </testsuite>
        """
            .formatted(tests, errors, skipped, failures));
  }

  private static void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
  }

  private static void program(Path file, String script) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
