package io.patina.collector.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.patina.collector.shipped.PristineRoots;
import io.patina.collector.shipped.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./patina package-agent} makes, where there is no Java and little memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentPackageIT {
  private static final Path PARTS = Path.of("../deploy/agent").toAbsolutePath().normalize();
  private static final int FILES = 100_000;
  private static final long LIMIT = 100_000_000;
  private static final int FEWER_FILES = 10_000;
  private static final Path MEMORY = Path.of("/sys/fs/cgroup/memory");
  private static final Path CPU = Path.of("/sys/fs/cgroup/cpu");

  /** Microseconds in each tenth of a second: 5 % of a core. */
  private static final String QUOTA = "5000";

  private Path output = Path.of("");

  @BeforeAll
  void makeTheImage(@TempDir Path directory) {
    output = directory;
    String made =
        Programs.must(
            PARTS.resolve("make-image").toString(),
            System.getProperty("java.home"),
            "target",
            output.toString());
    assertTrue(Files.isExecutable(image().resolve("bin/patina")), made);
  }

  private Path image() {
    return output.resolve("patina-collector");
  }

  @Test
  void thePackagesInstallRunAndGoWhereThereIsNoJava(@TempDir Path directory) throws IOException {
    assumeTrue(Programs.isRoot(), "only root can install packages into a root");
    assumeTrue(Programs.present("mvn"), "maven is not installed");
    assumeTrue(Programs.present("rpm"), "rpm is not installed");
    Path pristine = PristineRoots.systemd();
    Programs.must(
        "env",
        "JAVA_HOME=" + System.getProperty("java.home"),
        "mvn",
        "-B",
        "-q",
        "-f",
        PARTS.resolve("pom.xml").toString(),
        "-Dagent.output=" + output,
        "package");
    Path deb = onlyOne("*.deb");
    Path root = PristineRoots.copy(pristine, directory);
    Files.copy(deb, root.resolve("collector.deb"));
    Programs.must("chroot", root.toString(), "dpkg", "--log=/dpkg.log", "-i", "/collector.deb");
    assertFalse(Files.exists(root.resolve("usr/bin/java")));
    assertTrue(inside(root, "patina", "check", "--help").contains("Usage: patina check"));
    assertTrue(Files.exists(root.resolve("usr/lib/systemd/system/patina-collector.service")));
    assertTrue(
        inside(root, "dpkg-query", "-W", "-f", "${Conffiles}", "patina-collector")
            .contains("/etc/patina/collector.properties"));
    Programs.must("chroot", root.toString(), "dpkg", "--log=/dpkg.log", "-P", "patina-collector");
    assertFalse(Files.exists(root.resolve("usr/lib/patina-collector")));
    assertFalse(Files.exists(root.resolve("etc/patina")));

    Path rpms = Files.createDirectory(directory.resolve("rpm"));
    List<String> rpm =
        List.of("rpm", "--root", rpms.toString(), "--define", "_dbpath /usr/lib/sysimage/rpm");
    rpm(rpm, "--initdb");
    // The root is empty: neither a shell for scripts nor the packages that bring libraries.
    rpm(rpm, "-i", "--nodeps", "--noscripts", onlyOne("*.rpm").toString());
    assertEquals(
        "", rpm(rpm, "-V", "--nodeps", "patina-collector").replaceAll("(?m)^rpm: .*", "").strip());
    assertTrue(rpm(rpm, "-qc", "patina-collector").contains("/etc/patina/collector.properties"));
    assertTrue(
        Programs.must(rpms.resolve("usr/lib/patina-collector/bin/patina").toString(), "--version")
            .contains("patina"));
    rpm(rpm, "-e", "--noscripts", "patina-collector");
    assertFalse(Files.exists(rpms.resolve("usr/lib/patina-collector/bin/patina")));
  }

  private static String rpm(List<String> rpm, String... words) {
    return Programs.must(
        java.util.stream.Stream.concat(rpm.stream(), java.util.Arrays.stream(words))
            .toArray(String[]::new));
  }

  /** With /proc, as every host has it: the run-time finds its libraries by /proc/self/exe. */
  private static String inside(Path root, String... words) {
    return Programs.must(
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "mount -t proc proc \"$0/proc\" && exec chroot \"$0\" \"$@\"",
                    root.toString()),
                java.util.Arrays.stream(words))
            .toArray(String[]::new));
  }

  private Path onlyOne(String glob) throws IOException {
    try (var found = Files.newDirectoryStream(output, glob)) {
      return found.iterator().next();
    }
  }

  @Test
  void aHundredThousandFilesAreScannedUnderALimitOfAHundredMegabytes(@TempDir Path directory)
      throws IOException, InterruptedException {
    assumeTrue(Programs.isRoot(), "only root can make a control group");
    assumeTrue(
        Files.isWritable(MEMORY.resolve("memory.limit_in_bytes")),
        "no control groups of version 1");
    underLimits(directory, FILES, List.of());
  }

  /** Slow, and complete: nothing is skipped for want of time. */
  @Test
  void withFivePercentOfACoreItCompletesAndSkipsNothing(@TempDir Path directory)
      throws IOException, InterruptedException {
    assumeTrue(Programs.isRoot(), "only root can make a control group");
    assumeTrue(
        Files.isWritable(MEMORY.resolve("memory.limit_in_bytes"))
            && Files.isWritable(CPU.resolve("cpu.cfs_quota_us")),
        "no control groups of version 1");
    Path group = Files.createDirectory(CPU.resolve("patina-test-" + ProcessHandle.current().pid()));
    try {
      Files.writeString(group.resolve("cpu.cfs_period_us"), "100000");
      Files.writeString(group.resolve("cpu.cfs_quota_us"), QUOTA);
      underLimits(directory, FEWER_FILES, List.of(group));
      String throttled = Files.readString(group.resolve("cpu.stat"));
      assertFalse(throttled.contains("nr_throttled 0\n"), throttled);
    } finally {
      Files.delete(group);
    }
  }

  /**
   * Runs the collector on so many files under the memory limit until its snapshot is spooled.
   *
   * @param groups more control groups that it runs in
   */
  private void underLimits(Path directory, int files, List<Path> groups)
      throws IOException, InterruptedException {
    Path root = Files.createDirectory(directory.resolve("root"));
    for (int i = 0; i < files; i++) {
      Path in = root.resolve("usr/lib/component-" + i / 500);
      if (i % 500 == 0) {
        Files.createDirectories(in);
      }
      Files.writeString(in.resolve("some-file-of-a-component-" + i), "content " + i);
    }
    Path config = directory.resolve("collector.properties");
    Files.write(
        config,
        List.of(
            "kafka.bootstrap.servers=127.0.0.1:1",
            "state.dir=" + directory.resolve("state"),
            "root=" + root,
            "metrics.port=0"));
    Path group =
        Files.createDirectory(MEMORY.resolve("patina-test-" + ProcessHandle.current().pid()));
    Path log = directory.resolve("log");
    try {
      Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(LIMIT));
      List<String> command =
          new ArrayList<>(
              List.of(
                  "/bin/sh",
                  "-c",
                  "program=$1; config=$2; shift 2;"
                      + " for group; do echo $$ >\"$group/cgroup.procs\"; done;"
                      + " exec \"$program\" collect --config \"$config\"",
                  "sh",
                  image().resolve("bin/patina").toString(),
                  config.toString(),
                  group.toString()));
      groups.forEach(g -> command.add(g.toString()));
      Process agent =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        await(agent, log, "event=announced kind=STARTED");
        String said = Files.readString(log);
        Matcher scanned = Pattern.compile("event=scanned facts=(\\d+)").matcher(said);
        assertTrue(scanned.find() && Integer.parseInt(scanned.group(1)) > files, said);
        assertTrue(Files.readString(group.resolve("memory.oom_control")).contains("oom_kill 0"));
      } finally {
        // Under a quota of 5 % an orderly end takes a minute; nothing here needs it.
        agent.destroyForcibly().waitFor();
      }
    } finally {
      Files.delete(group);
    }
  }

  private static void await(Process agent, Path log, String line)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
    while (!Files.readString(log).contains(line)) {
      assertFalse(agent.waitFor(200, TimeUnit.MILLISECONDS), () -> "ended: " + read(log));
      assertTrue(System.nanoTime() < deadline, () -> "not there: " + line + "\n" + read(log));
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
