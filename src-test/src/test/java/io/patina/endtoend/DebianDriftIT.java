package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.comparison.Expectation;
import io.patina.endtoend.hosts.CollectingHost;
import io.patina.endtoend.hosts.DebPackage;
import io.patina.endtoend.hosts.DebianRoot;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.TestLine;
import io.patina.endtoend.reports.ReportTopic;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.scope.Glob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A real Debian host with systemd: what an administrator does to it is the right deviation, and
 * gone when it is undone.
 */
class DebianDriftIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String UNIT = "/etc/systemd/system/steady.service";
  private static final String DROP_IN = "/etc/systemd/system/steady.service.d/limits.conf";

  private static TestLine line;
  private static ReportTopic topic;

  @BeforeAll
  static void start() throws Exception {
    DebianRoot.obstacle().ifPresent(Assumptions::abort);
    line = TestLine.create("debian");
    var unusedDatabase = line.database();
    var unusedBroker = line.broker();
    var unusedEngine = line.engine();
    topic = new ReportTopic(line.parts().bootstrapServers());
  }

  @AfterAll
  static void stop() throws IOException {
    if (topic != null) {
      topic.close();
      line.close();
    }
  }

  @Test
  void whatAnAdministratorDoesIsSeenAndGoneWhenUndone() throws Exception {
    try (CollectingHost debian = new CollectingHost(line)) {
      prepare(debian);
      Manifest asBuilt = debian.capture();
      Baselines.publish(line, topic, line.sign(golden(asBuilt, debian.host().name()), asBuilt));
      debian.collect(false);
      String id = conforming(debian.host().name());

      String unused = debian.host().run("systemctl", "stop", "steady.service");
      awaitOpen(id, Set.of("unit steady.service changed"), "a unit was stopped");
      String unused2 = debian.host().run("systemctl", "start", "steady.service");
      awaitOpen(id, Set.of(), "the unit was started again");

      Path deb = DebPackage.build(line.scratch(), "tiny", "1.0");
      Files.copy(deb, debian.inside("/var/lib/patina/tiny.deb"));
      String unused3 = debian.host().run("dpkg", "-i", "/var/lib/patina/tiny.deb");
      awaitOpen(
          id,
          Set.of("file /usr/bin/tiny unexpected", "package dpkg:tiny:all unexpected"),
          "a package was installed");
      String unused4 = debian.host().run("dpkg", "-P", "tiny");
      awaitOpen(id, Set.of(), "the package was purged");

      String before = Files.readString(debian.inside(DROP_IN));
      write(debian, DROP_IN, "[Service]\nLimitNOFILE=4096\n");
      String unused5 = debian.host().run("systemctl", "daemon-reload");
      awaitOpen(
          id,
          Set.of("file " + DROP_IN + " changed", "unit steady.service changed"),
          "a drop-in was edited");
      assertWriterIsNamed(id);
      write(debian, DROP_IN, before);
      String unused6 = debian.host().run("systemctl", "daemon-reload");
      awaitOpen(id, Set.of(), "the drop-in was put back");

      String unused7 = debian.host().run("mount", "-o", "remount,bind,ro", "/usr");
      awaitOpen(id, Set.of("mount /usr changed"), "/usr was remounted");
      String unused8 = debian.host().run("mount", "-o", "remount,bind,rw", "/usr");
      awaitOpen(id, Set.of(), "/usr was remounted as before");

      debian.host().networkSetting("net.ipv4.tcp_syncookies", "0");
      awaitOpen(
          id, Set.of("kernel sysctl:net.ipv4.tcp_syncookies changed"), "a sysctl was changed");
      debian.host().networkSetting("net.ipv4.tcp_syncookies", "1");
      awaitOpen(id, Set.of(), "the sysctl was put back");
    }
  }

  @Test
  void upgradingPackagesLeavesTheVerdictAsItWas() throws Exception {
    try (CollectingHost debian = new CollectingHost(line)) {
      for (String version : List.of("1.0", "2.0")) {
        Path deb = DebPackage.build(line.scratch(), "grows", version);
        Files.copy(deb, debian.inside("/var/lib/patina/grows-" + version + ".deb"));
      }
      String unused = debian.host().run("dpkg", "-i", "/var/lib/patina/grows-1.0.deb");
      debian.collect(true);
      String id = conforming(debian.host().name());
      long baselines = baselines();

      String unused2 = debian.host().run("dpkg", "-i", "/var/lib/patina/grows-2.0.deb");
      Await.until("the as-shipped baseline was made anew", LIMIT, () -> baselines() > baselines);
      awaitOpen(id, Set.of(), "the package was upgraded");
      assertTrue(
          line.api().json("api/v1/hosts/" + id).path("verdict").asText().equals("conforming"));
      List<String> words =
          line.api().timeline(id).stream()
              .filter(e -> e.path("kind").asText().equals("verdict.changed"))
              .map(e -> e.path("data").toString())
              .toList();
      assertFalse(words.stream().anyMatch(w -> w.contains("\"artisanal\"")), words::toString);

      // And it is the new version that is expected now.
      write(debian, "/usr/bin/grows", "#!/bin/sh\necho grows by hand\n");
      awaitOpen(id, Set.of("file /usr/bin/grows changed"), "the new version was edited");
    }
  }

  /** {@link #write} has a shell open the file and cat fill it. */
  private static void assertWriterIsNamed(String id) throws IOException, InterruptedException {
    JsonNode writer =
        line.api().deviations(id, "open").stream()
            .filter(d -> d.path("key").asText().equals(DROP_IN))
            .map(d -> d.path("writtenBy"))
            .findFirst()
            .orElseThrow();
    assertTrue(writer.path("command").asText().matches("sh|cat"), writer::toString);
    assertTrue(writer.path("executable").asText().matches("/usr/bin/(dash|cat)"), writer::toString);
    assertTrue(writer.path("pid").asInt() > 1, writer::toString);
    assertTrue(
        line.api().timeline(id).stream()
            .filter(e -> e.path("kind").asText().equals("deviation.opened"))
            .anyMatch(e -> e.path("data").path("writtenBy").equals(writer)),
        "the event does not name the writer");
    String page = line.api().get("hosts/" + id).body();
    String by = "by " + writer.path("command").asText() + " (pid " + writer.path("pid").asInt();
    assertTrue(page.contains(by), page);
  }

  private static long baselines() throws IOException, InterruptedException {
    return line.api().all("api/v1/baselines").size();
  }

  private static void prepare(CollectingHost debian) throws Exception {
    Files.createDirectories(debian.inside(DROP_IN).getParent());
    write(
        debian,
        UNIT,
        "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n");
    write(debian, DROP_IN, "[Service]\nLimitNOFILE=2048\n");
    String unused = debian.host().run("systemctl", "daemon-reload");
    String unused2 = debian.host().run("systemctl", "enable", "--now", "steady.service");
    String unused3 = debian.host().run("mount", "--bind", "/usr", "/usr");
  }

  /**
   * Writes beside the file and renames, from within: what is written to an overlay's upper layer
   * from outside would tell nobody inside.
   */
  private static void write(CollectingHost debian, String path, String content)
      throws IOException, InterruptedException {
    Path fresh = debian.inside("/var/lib/patina/fresh");
    Files.writeString(fresh, content);
    Files.setPosixFilePermissions(
        fresh, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    // The writer stays for a moment, so that there is somebody to be named.
    String script = "exec 3> \"$0\"; cat /var/lib/patina/fresh >&3; sleep 0.1";
    String unused = debian.host().run("sh", "-c", script, path);
    Files.move(
        fresh, debian.inside("/var/lib/patina/written"), StandardCopyOption.REPLACE_EXISTING);
  }

  private static GoldenBaseline golden(Manifest asBuilt, String name) {
    return new GoldenBaseline(
        name,
        "1",
        asBuilt.digest(),
        List.of(asBuilt.scope()),
        List.of(
            new Expectation.Keys("file", Glob.of("/usr/**")),
            new Expectation.Keys("file", Glob.of("/etc/**")),
            new Expectation.Keys("package", Glob.of("**")),
            new Expectation.Keys("mount", Glob.of("**")),
            new Expectation.Keys("unit", Glob.of("**"))),
        List.of(),
        "pet",
        new Selector(Optional.empty(), Map.of()),
        Instant.now(),
        "the end-to-end tests");
  }

  private static String conforming(String name) {
    JsonNode host =
        Await.value("the host " + name + " is known", LIMIT, () -> line.api().named(name));
    String id = host.path("id").asText();
    awaitOpen(id, Set.of(), "the host was built");
    Await.equal(
        "the host conforms",
        LIMIT,
        "conforming",
        () -> line.api().json("api/v1/hosts/" + id).path("verdict").asText());
    return id;
  }

  private static void awaitOpen(String id, Set<String> expected, String after) {
    Await.equal(
        "the open deviations are right after " + after,
        LIMIT,
        new TreeSet<>(expected),
        () -> {
          if (!line.api()
              .json("api/v1/hosts/" + id)
              .path("sync")
              .path("state")
              .asText()
              .equals("proven")) {
            throw new IOException("not proven yet");
          }
          return new TreeSet<>(line.api().open(id));
        });
  }
}
