package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.comparison.Expectation;
import io.patina.endtoend.hosts.CollectingHost;
import io.patina.endtoend.hosts.DebPackage;
import io.patina.endtoend.hosts.DebianRoot;
import io.patina.endtoend.hosts.Pod;
import io.patina.endtoend.hosts.Session;
import io.patina.endtoend.line.Api;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who did it, on a real Debian host with systemd: dpkg upgrades a hundred packages with 5,000 files
 * while a person edits one of them; Ansible configures; a person overrides units; a pod's container
 * run by crun writes to the host, debug shells do. Each is its cause, and each cause one group.
 */
class CausesIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int PACKAGES = 100;
  private static final int FILES_EACH = 50;

  /** Everything is done within it, so that whoever is told has waited for it once. */
  private static final String SETTLE = "25s";

  private static final String EDITED = "/usr/share/many-000/part-00/file-0007";
  private static final String GENERATED = "/etc/many.conf";
  private static final String CONTINUE = "/run/patina-test-continue";
  private static final String ENOUGH = "/run/patina-test-enough";

  /** By the tag of the task that does it. */
  private static final Map<String, String> CONFIGURED =
      Map.of("copied", "/etc/app.conf", "edited", "/etc/motd", "made", "/etc/app.d");

  private static final int MOST_RUNS = 7;
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final String DROP_INS = "/etc/systemd/system/steady.service.d";
  private static final String DROP_IN = DROP_INS + "/limits.conf";
  private static final String FROM_POD = "/etc/cni/net.d/10-mesh.conf";
  private static final String FROM_DEBUG_POD = "/etc/debug-pod.conf";
  private static final String FROM_ENTERED = "/etc/entered.conf";
  private static final String FROM_CHROOT = "/etc/chrooted.conf";

  private static final String STAY = "while [ ! -e " + ENOUGH + " ]; do sleep 0.2; done";

  private static final Session ADMINISTRATOR = new Session(7, 1000);
  private static final Session UPGRADER = new Session(8, 1001);
  private static final Session DEPLOYER = new Session(9, 1002);
  private static final Session RESCUER = new Session(10, 1003);

  private static final Pod MESH =
      new Pod(
          "kube-system",
          "mesh-x7k2p",
          "1b4f2c9e-0a1b-4c3d-8e5f-0123456789ab",
          "c0".repeat(32),
          "registry.example/mesh:1.4");
  private static final Pod DEBUGGER =
      new Pod(
          "default",
          "node-debugger-worker-3-abcde",
          "2b4f2c9e-0a1b-4c3d-8e5f-0123456789ab",
          "c1".repeat(32),
          "registry.example/tools:1");
  private static final Pod ENTERING =
      new Pod(
          "default",
          "web-5d9c",
          "3b4f2c9e-0a1b-4c3d-8e5f-0123456789ab",
          "c2".repeat(32),
          "registry.example/web:2");

  /** Whoever has written stays until all is over, so that there is somebody to be looked at. */
  private static final List<Process> LEFT = new ArrayList<>();

  private static TestLine line;
  private static ReportTopic topic;

  @BeforeAll
  static void start() throws Exception {
    DebianRoot.obstacleToTools().ifPresent(Assumptions::abort);
    line = TestLine.create("causes");
    var unusedDatabase = line.database();
    var unusedBroker = line.broker();
    var unusedEngine = line.engine("PATINA_CAUSES_SETTLE=" + SETTLE);
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
  void whatEachDidIsItsCauseAndOneGroup() throws Exception {
    try (CollectingHost debian = new CollectingHost(line, true)) {
      try {
        eachDoes(debian);
      } finally {
        String unused = debian.host().run("touch", ENOUGH);
      }
      for (Process each : LEFT) {
        assertEquals(0, each.waitFor(), () -> "of " + each.info());
      }
    }
  }

  private static void eachDoes(CollectingHost debian) throws Exception {
    prepare(debian);
    Manifest asBuilt = debian.capture();
    Baselines.publish(line, topic, line.sign(golden(asBuilt, debian.host().name()), asBuilt));
    debian.collect(false, Map.of("who", "person"));
    String id = conforming(debian.host().name());

    upgradeWhileSomebodyEdits(debian, id);
    Await.equal(
        "every file, every package and what a script made is known to differ",
        LIMIT,
        PACKAGES * FILES_EACH + PACKAGES + 1L,
        () -> line.api().json("api/v1/hosts/" + id).path("deviations").path("open").asLong());
    // What systemd itself writes while packages change may be their scripts' doing.
    Await.until(
        "the packages have settled",
        LIMIT,
        () -> debian.log().contains("event=packages-settled transaction=true"));
    overrideUnits(debian, id);
    configure(debian, id);
    writeFromPods(debian, id);

    // A few groups first: who asks for thousands of deviations all the time holds up the engine.
    Await.equal("every group is right and has been told", LIMIT, groups(), () -> groups(id));
    assertEquals(expected(), causes(line.api().deviations(id, "open")));
    List<String> told = told(id);
    assertEquals(groups().size(), told.size(), () -> String.join("\n", told));
    List<String> ofTheUpgrade =
        told.stream()
            .filter(t -> t.startsWith("package-update") || t.startsWith("hand-edit"))
            .toList();
    assertEquals(2, ofTheUpgrade.size(), ofTheUpgrade::toString);
    assertEvidence(id);
  }

  /** {@code FACET KEY} to cause; of what the upgrade brought, only what is not its doing. */
  private static Map<String, String> expected() {
    Map<String, String> all = new TreeMap<>();
    all.put("file " + EDITED, "hand-edit");
    all.put("file " + DROP_IN, "unit-override");
    all.put("unit steady.service", "unit-override");
    all.put("file /etc/systemd/system/masked.service", "enablement");
    all.put("unit masked.service", "enablement");
    all.put("file /etc/systemd/system/multi-user.target.wants/enabled.service", "enablement");
    all.put("unit enabled.service", "enablement");
    CONFIGURED.values().forEach(path -> all.put("file " + path, "config-management"));
    all.put("file " + FROM_POD, "container");
    all.put("file " + FROM_DEBUG_POD, "debug-session");
    all.put("file " + FROM_ENTERED, "debug-session");
    all.put("file " + FROM_CHROOT, "debug-session");
    return all;
  }

  /** {@code CAUSE by WHOM: DEVIATIONS}. */
  private static List<String> groups() {
    return List.of(
        "config-management by ansible: 3",
        "container by kube-system/mesh-x7k2p: 1",
        "debug-session by default/node-debugger-worker-3-abcde: 1",
        "debug-session by default/web-5d9c: 1",
        "debug-session by login uid 1003: 1",
        "enablement by : 4",
        "hand-edit by login uid 1000: 1",
        "package-update by : " + (PACKAGES * FILES_EACH - 1 + PACKAGES + 1),
        "unit-override by login uid 1000: 2");
  }

  private static void assertEvidence(String id) throws IOException, InterruptedException {
    JsonNode byPod =
        line.api().deviations(id, "open").stream()
            .filter(d -> d.path("key").asText().equals(FROM_POD))
            .map(d -> d.path("writtenBy"))
            .findFirst()
            .orElseThrow();
    assertEquals(MESH.namespace() + "/" + MESH.name(), byPod.path("pod").asText());
    assertEquals(MESH.id(), byPod.path("container").asText());
    assertEquals("main", byPod.path("containerName").asText());
    assertEquals(MESH.image(), byPod.path("image").asText());
  }

  private static Map<String, String> causes(Iterable<JsonNode> deviations) {
    Map<String, String> all = new TreeMap<>();
    for (JsonNode d : deviations) {
      String key = d.path("key").asText();
      String cause = d.path("cause").asText();
      boolean ofTheUpgrade =
          key.startsWith("/usr/share/many-")
              || key.startsWith("dpkg:many-")
              || key.equals(GENERATED);
      if (!ofTheUpgrade || !cause.equals("package-update")) {
        all.put(d.path("facet").asText() + " " + key, cause);
      }
    }
    return all;
  }

  private static List<String> groups(String id) throws IOException, InterruptedException {
    return line.api().all("api/v1/hosts/" + id + "/groups?state=open").stream()
        .filter(g -> g.has("toldAt"))
        .map(
            g ->
                g.path("cause").asText()
                    + " by "
                    + g.path("actor").asText()
                    + ": "
                    + g.path("deviations").asLong())
        .sorted()
        .toList();
  }

  private static List<String> told(String id) {
    try {
      return line.api().timeline(id).stream()
          .filter(e -> e.path("kind").asText().equals("group.opened"))
          .map(e -> e.path("data").path("sentence").asText())
          .toList();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void upgradeWhileSomebodyEdits(CollectingHost debian, String id) throws Exception {
    Process upgrade =
        start(
            debian,
            UPGRADER.running("sh", "-c", "dpkg --force-unsafe-io -i /var/lib/patina/2.0/*.deb"));
    // What has not been looked at yet would be one change, by whoever was noticed first.
    Await.until(
        "the upgrade of what is then edited has been seen",
        LIMIT,
        () -> line.api().open(id).contains("file " + EDITED + " changed"));
    LEFT.add(start(debian, edits(EDITED, "1s/many/mine/")));
    Await.until(
        "the file has been edited",
        LIMIT,
        () -> Files.readString(debian.inside(EDITED)).startsWith("mine"));
    String unused = debian.host().run("touch", CONTINUE);
    assertEquals(0, upgrade.waitFor(), "dpkg's exit code");
  }

  private static void overrideUnits(CollectingHost debian, String id) throws Exception {
    LEFT.add(start(debian, edits(DROP_IN, "a\n[Service]\nLimitNOFILE=4096\n.")));
    awaitOpen(id, "file " + DROP_IN + " unexpected");
    for (List<String> command :
        List.of(
            List.of("systemctl", "daemon-reload"),
            List.of("systemctl", "mask", "masked.service"),
            List.of("systemctl", "enable", "enabled.service"))) {
      String unused =
          debian
              .host()
              .run(ADMINISTRATOR.running(command.toArray(String[]::new)).toArray(String[]::new));
    }
  }

  /**
   * Ansible's modules end as soon as they have written: on a busy machine nobody may be there to be
   * looked at, and is then said to be unknown. So what nobody was named for is done again, by
   * modules that stay for a moment; whoever wrote last counts.
   */
  private static void configure(CollectingHost debian, String id) throws Exception {
    debian.put(
        "/var/lib/patina/play.yml",
        """
        - hosts: localhost
          connection: local
          gather_facts: false
          tasks:
            - copy: {content: "by ansible, {{ run }}\\n", dest: /etc/app.conf}
              tags: copied
            - lineinfile: {path: /etc/motd, line: "managed, {{ run }}"}
              tags: edited
            - file: {path: /etc/app.d, state: directory, mode: "07{{ run }}0"}
              tags: made
        """);
    debian.put(
        "/var/lib/patina/staying/sitecustomize.py",
        "import atexit, time\natexit.register(time.sleep, 3)\n");
    Set<String> wanted = new TreeSet<>(CONFIGURED.keySet());
    for (int run = 1; run <= MOST_RUNS; run++) {
      String unused =
          debian
              .host()
              .run(
                  DEPLOYER
                      .running(
                          "env",
                          "LC_ALL=C.UTF-8",
                          "PYTHONPATH=" + (run == 1 ? "" : "/var/lib/patina/staying"),
                          "ansible-playbook",
                          "-i",
                          "localhost,",
                          "-e",
                          "run=" + run,
                          "--tags",
                          String.join(",", wanted),
                          "/var/lib/patina/play.yml")
                      .toArray(String[]::new));
      try {
        Await.until(
            "Ansible is named for what its tasks did",
            run == MOST_RUNS ? LIMIT : AGAIN,
            () -> {
              Map<String, String> causes = causes(latest(id));
              wanted.removeIf(
                  tag -> "config-management".equals(causes.get("file " + CONFIGURED.get(tag))));
              return wanted.isEmpty();
            });
        return;
      } catch (AssertionError e) {
        if (run == MOST_RUNS) {
          throw e;
        }
      }
    }
  }

  private static void writeFromPods(CollectingHost debian, String id) throws Exception {
    String write = "exec 3> %1$s; echo x >&3; exec 3>&-; " + STAY;
    LEFT.add(start(debian, MESH.running(debian, write.formatted("/host" + FROM_POD))));
    LEFT.add(
        start(
            debian,
            DEBUGGER.running(
                debian, "chroot /host sh -c '" + write.formatted(FROM_DEBUG_POD) + "'")));
    LEFT.add(start(debian, ENTERING.entering(debian, write.formatted(FROM_ENTERED))));
    LEFT.add(
        start(
            debian,
            RESCUER.running(
                "chroot", "/var/lib/patina/rescue", "sh", "-c", write.formatted(FROM_CHROOT))));
    for (String path : List.of(FROM_POD, FROM_DEBUG_POD, FROM_ENTERED, FROM_CHROOT)) {
      awaitOpen(id, "file " + path + " unexpected");
    }
  }

  /** An administrator's editor, which stays after it has written. */
  private static List<String> edits(String path, String commands) {
    return ADMINISTRATOR.running(
        "sh", "-c", "printf '%s\\nw\\n!" + STAY + "\\nq\\n' \"$1\" | ed -s \"$0\"", path, commands);
  }

  private static Process start(CollectingHost debian, List<String> command) throws IOException {
    return new ProcessBuilder(debian.host().inside(command))
        .redirectErrorStream(true)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(line.data().logs().resolve("commands.log").toFile()))
        .start();
  }

  private static void prepare(CollectingHost debian) throws Exception {
    for (String version : List.of("1.0", "2.0")) {
      Path debs = Files.createDirectories(debian.inside("/var/lib/patina").resolve(version));
      IntStream.range(0, PACKAGES)
          .parallel()
          .forEach(
              i -> {
                try {
                  String last =
                      i == PACKAGES - 1 && version.equals("2.0")
                          ? "while [ ! -e %s ]; do sleep 0.1; done; echo generated > %s\n"
                              .formatted(CONTINUE, GENERATED)
                          : "";
                  Path deb =
                      DebPackage.buildLarge(
                          line.scratch(), "many-%03d".formatted(i), version, FILES_EACH, last);
                  Files.copy(deb, debs.resolve(deb.getFileName()));
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
    }
    String unused =
        debian.host().run("sh", "-c", "dpkg --force-unsafe-io -i /var/lib/patina/1.0/*.deb");
    for (String unit : List.of("steady", "masked", "enabled")) {
      debian.put(
          "/usr/lib/systemd/system/" + unit + ".service",
          "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n");
    }
    for (String directory : List.of("/etc/cni/net.d", "/var/lib/patina/rescue", DROP_INS)) {
      String unused2 = debian.host().run("mkdir", "-p", directory);
    }
    String unused4 = debian.host().run("mount", "--rbind", "/", "/var/lib/patina/rescue");
    String unused5 = debian.host().run("systemctl", "daemon-reload");
    String unused6 = debian.host().run("systemctl", "start", "steady.service");
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
            new Expectation.Keys("unit", Glob.of("*.service"))),
        List.of(),
        "pet",
        new Selector(Optional.empty(), Map.of()),
        Instant.now(),
        "the end-to-end tests");
  }

  private static String conforming(String name) {
    String id =
        Await.value("the host " + name + " is known", LIMIT, () -> line.api().named(name))
            .path("id")
            .asText();
    Await.equal(
        "the host conforms",
        LIMIT,
        "conforming",
        () -> line.api().json("api/v1/hosts/" + id).path("verdict").asText());
    return id;
  }

  /** What is open, as far as it began last. */
  private static Iterable<JsonNode> latest(String id) throws IOException, InterruptedException {
    return line.api().json("api/v1/hosts/" + id + "/deviations?state=open&limit=100").path("items");
  }

  private static void awaitOpen(String id, String deviation) {
    Await.until(
        deviation + " is open",
        LIMIT,
        () -> {
          for (JsonNode d : latest(id)) {
            if (Api.line(d).equals(deviation)) {
              return true;
            }
          }
          return false;
        });
  }
}
