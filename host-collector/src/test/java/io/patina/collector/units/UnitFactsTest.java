package io.patina.collector.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.RootFiles;
import io.patina.facts.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitFactsTest {
  private static final String VENDOR = "usr/lib/systemd/system/";
  private static final String ADMIN = "etc/systemd/system/";

  @TempDir Path tree;
  private @Nullable RootDirectory root;

  @BeforeEach
  void units() throws IOException {
    file(
        VENDOR + "ssh.service", "[Service]\nExecStart=/x\n[Install]\nWantedBy=multi-user.target\n");
    file(VENDOR + "job.service", "[Service]\nType=oneshot\nExecStart=/x\n");
    file(VENDOR + "backup.service", "[Service]\nExecStart=/x\n");
    file(VENDOR + "backup.timer", "[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n");
    file(VENDOR + "web@.service", "[Service]\nExecStart=/x %i\n[Install]\nWantedBy=x.target\n");
    file(VENDOR + "home.mount", "[Mount]\nWhat=x\n");
    link(ADMIN + "multi-user.target.wants/ssh.service", "/usr/lib/systemd/system/ssh.service");
    link(ADMIN + "multi-user.target.wants/web@a.service", "/usr/lib/systemd/system/web@.service");
    link(ADMIN + "sshd.service", "/usr/lib/systemd/system/ssh.service");
    link(ADMIN + "job2.service", "/dev/null");
    file("usr/lib/systemd/system-preset/90.preset", "enable ssh.service\ndisable *\n");
    root =
        assertInstanceOf(RootDirectory.Opening.Ready.class, RootDirectory.open(tree.toString()))
            .root();
  }

  @AfterEach
  void close() {
    files().root().close();
  }

  @Test
  void filesAloneSayWhatIsInstalledEnabledAndMasked() {
    Map<String, Entry> units = make(new Running.NotApplicable());
    assertEquals(
        List.of(
            "backup.service",
            "backup.timer",
            "job.service",
            "job2.service",
            "ssh.service",
            "sshd.service",
            "web@.service",
            "web@a.service"),
        List.copyOf(units.keySet()));
    assertEquals("enabled", shown(units, "ssh.service", "enablement"));
    assertEquals("enabled", shown(units, "ssh.service", "preset"));
    assertEquals("static", shown(units, "job.service", "enablement"));
    assertEquals("disabled", shown(units, "backup.timer", "enablement"));
    assertEquals("masked", shown(units, "job2.service", "enablement"));
    assertEquals("alias", shown(units, "sshd.service", "enablement"));
    assertEquals("ssh.service", shown(units, "sshd.service", "alias-of"));
    assertEquals("enabled", shown(units, "web@a.service", "enablement"));
    assertEquals("enabled", shown(units, "web@.service", "enablement"), "as systemctl says");
    assertFalse(states(units, "ssh.service", "active"));
  }

  @Test
  void aDropInAnywhereOnItsWayChangesTheUnit() throws IOException {
    String before = shown(make(new Running.NotApplicable()), "ssh.service", "dropins");
    file(ADMIN + "service.d/all.conf", "[Service]\nNice=1\n");
    String after = shown(make(new Running.NotApplicable()), "ssh.service", "dropins");
    assertNotEquals(before, after);
    file(ADMIN + "service.d/all.conf", "[Service]\nNice=2\n");
    assertNotEquals(after, shown(make(new Running.NotApplicable()), "ssh.service", "dropins"));
  }

  @Test
  void whatStartsOnDemandStatesOnlyWhetherItFailed() {
    Map<String, Entry> units =
        make(
            answer(
                Map.of(
                    "ssh.service", state("active", "running"),
                    "job.service", state("failed", "failed"),
                    "backup.timer", state("active", "waiting"),
                    "backup.service", state("active", "running"))));
    assertEquals("active", shown(units, "ssh.service", "active"));
    assertEquals("running", shown(units, "ssh.service", "sub"));
    assertEquals("yes", shown(units, "job.service", "failed"));
    assertFalse(states(units, "job.service", "active"));
    assertEquals("no", shown(units, "backup.service", "failed"));
    assertFalse(states(units, "backup.service", "active"));
    assertEquals("active", shown(units, "backup.timer", "active"));
    assertFalse(states(units, "backup.timer", "sub"));
  }

  @Test
  void anIdleHostIsTheSameWhateverSystemdKeepsInMemory() {
    RunState dead = state("inactive", "dead");
    Map<String, Entry> loaded =
        make(answer(Map.of("ssh.service", dead, "job.service", dead, "backup.service", dead)));
    assertEquals(make(answer(Map.of())), loaded);
    Map<String, Entry> noise =
        make(
            answer(
                Map.of(
                    "run-u1.service",
                    new RunState("loaded", "active", "running", true, false),
                    "gone.service",
                    new RunState("not-found", "inactive", "dead", false, false),
                    "user@0.service",
                    state("active", "running"),
                    "web@7.service",
                    dead)));
    assertEquals(make(answer(Map.of())), noise);
  }

  @Test
  void anInstanceThatRunsOrFailedIsAFact() {
    Map<String, Entry> units = make(answer(Map.of("web@b.service", state("active", "running"))));
    assertTrue(units.containsKey("web@b.service"));
  }

  private RootFiles files() {
    if (root == null) {
      throw new IllegalStateException("opened before each test");
    }
    return new RootFiles(root);
  }

  private Map<String, Entry> make(Running running) {
    Map<String, Entry> byName = new TreeMap<>();
    for (Entry e : new UnitFacts(UnitFiles.of(files()), Presets.of(files()), running).make()) {
      byName.put(e.key().displayName(), e);
    }
    return byName;
  }

  private static Running answer(Map<String, RunState> units) {
    return new Running.Answer(units, Map.of());
  }

  private static RunState state(String active, String sub) {
    return new RunState("loaded", active, sub, false, false);
  }

  private static String shown(Map<String, Entry> units, String unit, String attribute) {
    Entry entry = units.get(unit);
    if (entry == null) {
      throw new AssertionError("no fact for " + unit);
    }
    return entry.attributes().shown(attribute).orElseThrow();
  }

  private static boolean states(Map<String, Entry> units, String unit, String attribute) {
    Entry entry = units.get(unit);
    return entry != null && entry.attributes().get(attribute).isPresent();
  }

  private void file(String path, String content) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private void link(String path, String target) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, Path.of(target));
  }
}
