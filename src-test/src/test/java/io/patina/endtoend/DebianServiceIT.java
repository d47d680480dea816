package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.endtoend.hosts.CollectingHost;
import io.patina.endtoend.hosts.DebPackage;
import io.patina.endtoend.hosts.DebianRoot;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.TestLine;
import io.patina.endtoend.reports.ReportTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The collector as systemd runs it on a real Debian host: the unit of the project as it is shipped,
 * with the capabilities that it names and no other.
 */
class DebianServiceIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int PACKAGE_FILES = 5_000;

  private static TestLine line;
  private static ReportTopic topic;

  @BeforeAll
  static void start() throws Exception {
    DebianRoot.obstacle().ifPresent(Assumptions::abort);
    line = TestLine.create("service");
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
  void systemdStartsWatchesReloadsAndStopsIt() throws Exception {
    try (CollectingHost debian = new CollectingHost(line)) {
      debian.put("/etc/patina/collector.env", "NODE_NAME=rack-7\n");
      debian.serve(
          false,
          "label.node=${NODE_NAME}\n",
          // A watchdog that a test can wait for, and a restart likewise.
          "[Service]\nWatchdogSec=8s\nRestartSec=500ms\n");
      assertEquals("active", debian.service("ActiveState"), "ready is said before the first scan");
      String pid = debian.service("MainPID");
      awaitStatus(debian, "observing");
      String host = known(debian);

      Map<String, String> status = status(debian, pid);
      // CAP_DAC_READ_SEARCH 2, CAP_SYS_PTRACE 19, CAP_SYS_ADMIN 21: include/uapi/linux/capability.h
      String three = "%016x".formatted(1L << 2 | 1L << 19 | 1L << 21);
      assertEquals(three, status.get("CapEff"));
      assertEquals(three, status.get("CapBnd"));
      assertEquals("1", status.get("NoNewPrivs"));
      assertEquals("2", status.get("Seccomp"));
      assertEquals(
          0,
          line.api().json("api/v1/hosts/" + host).path("coverage").path("gaps").asLong(),
          "with these three nothing in scope stays unread");

      awaitPings(debian, 2);
      assertEquals(pid, debian.service("MainPID"));
      assertEquals("0", debian.service("NRestarts"));

      assertEquals(1, labelled("node", "rack-7"));
      debian.configure(false, "label.node=${NODE_NAME}\nlabel.place=cellar\n");
      String unused = debian.host().run("systemctl", "reload", CollectingHost.SERVICE);
      Await.equal("the new label is known", LIMIT, 1L, () -> labelled("place", "cellar"));
      awaitStatus(debian, "observing");
      assertEquals(pid, debian.service("MainPID"), "a reload is no new process");

      debian.configure(false, "heartbeat.intervall=2s\n");
      String unused2 = debian.host().run("systemctl", "reload", CollectingHost.SERVICE);
      Await.until(
          "a wrong configuration is refused, and says why",
          LIMIT,
          () ->
              debian
                  .serviceLog()
                  .lines()
                  .anyMatch(
                      l ->
                          l.contains("event=reload-refused")
                              && l.contains("did you mean heartbeat.interval")));
      assertEquals("active", debian.service("ActiveState"));
      debian.configure(false, "label.node=${NODE_NAME}\n");

      Instant before = fullCompare(host);
      String unused3 = debian.host().run("systemctl", "kill", "-s", "USR1", CollectingHost.SERVICE);
      Await.until("every byte has been read again", LIMIT, () -> fullCompare(host).isAfter(before));

      long starts = starts(host);
      // A process that does not move is killed by the watchdog and started again.
      String unused4 = debian.host().run("systemctl", "kill", "-s", "STOP", CollectingHost.SERVICE);
      Await.until(
          "systemd has started it again", LIMIT, () -> !debian.service("NRestarts").equals("0"));
      Await.until(
          "and it reports",
          LIMIT,
          () ->
              !debian.service("MainPID").equals(pid)
                  && debian.service("StatusText").equals("observing"));
      assertNotEquals(pid, debian.service("MainPID"));
      Await.until("its start was heard", LIMIT, () -> starts(host) > starts);

      String unused5 = debian.host().run("systemctl", "stop", CollectingHost.SERVICE);
      awaitAnnounced(host, "stopping");
      assertEquals("success", debian.service("Result"));

      String unused6 = debian.host().run("systemctl", "start", CollectingHost.SERVICE);
      awaitStatus(debian, "observing");
      debian.host().reboot();
      awaitAnnounced(host, "rebooting");
    }
  }

  @Test
  void anUpgradeOfFiveThousandFilesIsFewMessagesAndSoonConsistent() throws Exception {
    try (CollectingHost debian = new CollectingHost(line)) {
      for (String version : List.of("1.0", "2.0")) {
        Path deb = DebPackage.buildLarge(line.scratch(), "large", version, PACKAGE_FILES);
        Files.copy(deb, debian.inside("/var/lib/patina/large-" + version + ".deb"));
      }
      String unused = debian.host().run("dpkg", "-i", "/var/lib/patina/large-1.0.deb");
      debian.serve(true, "", "");
      String host = known(debian);
      awaitSettled(host, "the host was built");
      long baselines = line.api().all("api/v1/baselines").size();
      ReportTopic.Volume before = topic.volume();

      Instant begun = Instant.now();
      String unused2 = debian.host().run("dpkg", "-i", "/var/lib/patina/large-2.0.deb");
      Instant installed = Instant.now();
      Await.until(
          "the baseline was made anew",
          LIMIT,
          () -> line.api().all("api/v1/baselines").size() > baselines);
      awaitSettled(host, "the upgrade");
      Instant settled = Instant.now();
      ReportTopic.Volume after = topic.volume();
      long messages = after.records() - before.records();
      long bytes = after.bytes() - before.bytes();
      System.out.printf(
          Locale.ROOT,
          "package upgrade, %d files: dpkg took %.1f s; %d messages, %d bytes of reports; consistent"
              + " %.1f s after dpkg ended%n",
          PACKAGE_FILES,
          seconds(begun, installed),
          messages,
          bytes,
          seconds(installed, settled));
      assertTrue(messages < PACKAGE_FILES / 10, messages + " messages");
      List<String> told =
          line.api().timeline(host).stream()
              .filter(e -> e.path("kind").asText().equals("verdict.changed"))
              .map(e -> e.path("data").path("verdict").asText())
              .toList();
      assertTrue(!told.contains("artisanal"), told::toString);
    }
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  /**
   * Waits until what is known is proven and nothing deviates but the collector itself, which no
   * package has brought here.
   */
  private static void awaitSettled(String host, String after) {
    Await.equal(
        "nothing but the collector deviates after " + after,
        LIMIT,
        List.of(),
        () -> {
          JsonNode now = line.api().json("api/v1/hosts/" + host);
          if (!now.path("sync").path("state").asText().equals("proven")
              || !now.path("baseline").isObject()
              || now.path("deviations").path("unlisted").asLong() > 0) {
            throw new IOException("not settled: " + now);
          }
          return line.api().open(host).stream().filter(d -> !d.contains("/patina")).toList();
        });
  }

  private static void awaitStatus(CollectingHost debian, String text) {
    Await.equal("systemd is told: " + text, LIMIT, text, () -> debian.service("StatusText"));
  }

  /** Waits until the watchdog has been answered this often. */
  private static void awaitPings(CollectingHost debian, int count) throws Exception {
    String last = debian.service("WatchdogTimestampMonotonic");
    for (int i = 0; i < count; i++) {
      String before = last;
      last =
          Await.value(
              "the watchdog is answered",
              LIMIT,
              () ->
                  java.util.Optional.of(debian.service("WatchdogTimestampMonotonic"))
                      .filter(t -> !t.equals(before)));
    }
  }

  private static void awaitAnnounced(String host, String what) {
    Await.until(
        what + " was announced",
        LIMIT,
        () ->
            line.api().timeline(host).stream()
                .filter(e -> e.path("kind").asText().equals("host.announced"))
                .findFirst()
                .map(e -> e.path("data").path("what").asText().equals(what))
                .orElse(false));
  }

  private static long starts(String host) throws IOException, InterruptedException {
    return line.api().timeline(host).stream()
        .filter(e -> e.path("kind").asText().equals("host.announced"))
        .filter(e -> e.path("data").path("what").asText().equals("started"))
        .count();
  }

  private static Instant fullCompare(String host) throws IOException, InterruptedException {
    return Instant.parse(
        line.api().json("api/v1/hosts/" + host).path("coverage").path("lastFullCompare").asText());
  }

  private static long labelled(String name, String value) throws Exception {
    return line.count(
        "select count(*) from installation where asserted_labels ->> '"
            + name
            + "' = '"
            + value
            + "'");
  }

  private static String known(CollectingHost debian) {
    String id =
        Await.value("the host is known", LIMIT, () -> line.api().named(debian.host().name()))
            .path("id")
            .asText();
    Await.equal(
        "it is proven",
        LIMIT,
        "proven",
        () -> line.api().json("api/v1/hosts/" + id).path("sync").path("state").asText());
    return id;
  }

  private static Map<String, String> status(CollectingHost debian, String pid)
      throws IOException, InterruptedException {
    Map<String, String> status = new TreeMap<>();
    debian
        .host()
        .run("cat", "/proc/" + pid + "/status")
        .lines()
        .forEach(
            l -> {
              int colon = l.indexOf(':');
              status.put(l.substring(0, colon), l.substring(colon + 1).strip());
            });
    return status;
  }
}
