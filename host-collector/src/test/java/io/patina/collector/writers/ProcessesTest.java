package io.patina.collector.writers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
  private static final int OWN = (int) ProcessHandle.current().pid();

  @TempDir Path proc;

  @Test
  void aProcessThatRunsIsDescribed() {
    Writer self = new Processes("/proc", Processes.Detail.PROCESS, proc).writer(OWN);
    assertEquals(OWN, self.pid());
    assertFalse(self.command().isEmpty());
    assertTrue(self.executable().toStringUtf8().endsWith("/java"), self::toString);
    assertTrue(self.loginUser().isEmpty());
  }

  @Test
  void whoIsOnlyAskedWhereItIsWanted() {
    assertFalse(new Processes("/proc", Processes.Detail.OFF, proc).writer(OWN).isKnown());
  }

  @Test
  void aProcessThatHasEndedIsUnknown() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    int unused = ended.waitFor();
    Processes processes = new Processes("/proc", Processes.Detail.PERSON, proc);
    assertEquals(Writer.UNKNOWN, processes.writer((int) ended.pid()));
    assertEquals(Writer.UNKNOWN, processes.writer(0));
  }

  @Test
  void personsAreNamedByTheirLogin() throws Exception {
    describe(7, "vi\n", "1000");
    describe(8, "cron\n", "4294967295");
    Processes person = new Processes(proc.toString(), Processes.Detail.PERSON, proc);
    assertEquals(OptionalLong.of(1000), person.writer(7).loginUser());
    assertTrue(person.writer(8).loginUser().isEmpty());
    Processes process = new Processes(proc.toString(), Processes.Detail.PROCESS, proc);
    assertTrue(process.writer(7).loginUser().isEmpty());
  }

  @Test
  void whatAProcessChoosesIsBoundedAndRaw() throws Exception {
    describe(9, "\u001b[31m<b>" + "x".repeat(5000), "hostile");
    Writer writer = new Processes(proc.toString(), Processes.Detail.PERSON, proc).writer(9);
    assertEquals(64, writer.command().size());
    assertTrue(writer.command().startsWith(ByteString.copyFromUtf8("\u001b[31m<b>")));
    assertTrue(writer.executable().isEmpty());
    assertTrue(writer.loginUser().isEmpty());
  }

  @Test
  void whoHasEndedSinceItWasLookedAtIsRememberedForAWhile() throws Exception {
    describe(11, "sh\n", "1000");
    AtomicLong now = new AtomicLong();
    Processes processes = new Processes(proc.toString(), Processes.Detail.PERSON, proc, now::get);
    Writer writer = processes.writer(11);
    for (String file : List.of("comm", "cgroup", "loginuid")) {
      Files.delete(proc.resolve("11").resolve(file));
    }
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertEquals(writer, processes.writer(11), "it has ended, and was seen a second ago");
    describeAnew(11, "cron\n");
    assertEquals("cron", processes.writer(11).command().toStringUtf8(), "another has its number");
    Files.delete(proc.resolve("11").resolve("comm"));
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    assertEquals(Writer.UNKNOWN, processes.writer(11), "nobody can tell any more");
  }

  @Test
  void aContainersProcessIsNamedByWhatItsRuntimeKeeps() throws Exception {
    String id = "ab".repeat(32);
    describe(12, "sh\n", "4294967295");
    Files.writeString(
        proc.resolve("12/cgroup"),
        "0::/kubepods.slice/kubepods-pod1b4f2c9e_0a1b_4c3d_8e5f_0123456789ab.slice/cri-containerd-"
            + id
            + ".scope\n");
    Path bundle =
        Files.createDirectories(
            proc.resolve("run/containerd/io.containerd.runtime.v2.task/k8s.io").resolve(id));
    Processes processes = new Processes(proc.toString(), Processes.Detail.PROCESS, proc);
    Files.writeString(bundle.resolve("config.json"), "{\"annotations\": {");
    assertEquals("", processes.writer(12).image(), "half written");
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"annotations": {"io.kubernetes.cri.container-name": "agent",
          "io.kubernetes.cri.image-name": "registry.example/agent:1.2"}}
        """);
    Writer writer = new Processes(proc.toString(), Processes.Detail.PROCESS, proc).writer(12);
    assertEquals("registry.example/agent:1.2", writer.image());
    assertEquals("agent", writer.containerName());
    assertEquals("1b4f2c9e-0a1b-4c3d-8e5f-0123456789ab", writer.pod());
    assertFalse(writer.inHostMounts(), "nothing says so");
  }

  @Test
  void dockerAndContainersStorageAreReadLikewise() throws Exception {
    String docker = "cd".repeat(32);
    String podman = "ef".repeat(32);
    Path first = Files.createDirectories(proc.resolve("var/lib/docker/containers").resolve(docker));
    Files.writeString(
        first.resolve("config.v2.json"),
        "{\"Name\": \"/web\", \"Config\": {\"Image\": \"nginx:1\"}}");
    Path second =
        Files.createDirectories(proc.resolve("var/lib/containers/storage/overlay-containers"));
    Files.writeString(
        second.resolve("containers.json"),
        "[{\"id\": \"%s\", \"names\": [\"db\"], \"metadata\": \"{\\\"image-name\\\":\\\"pg:18\\\"}\"}]"
            .formatted(podman));
    Containers containers = new Containers(proc);
    assertEquals(new Containers.Container("web", "nginx:1"), containers.of(docker));
    assertEquals(new Containers.Container("db", "pg:18"), containers.of(podman));
    assertFalse(containers.of("12".repeat(32)).isKnown());
    assertFalse(containers.of("../../etc").isKnown());
  }

  private void describeAnew(int pid, String comm) throws Exception {
    Files.writeString(proc.resolve(String.valueOf(pid)).resolve("comm"), comm);
  }

  private void describe(int pid, String comm, String login) throws Exception {
    Path directory = Files.createDirectory(proc.resolve(String.valueOf(pid)));
    Files.writeString(directory.resolve("comm"), comm);
    Files.writeString(directory.resolve("cgroup"), "0::/system.slice/x.service\n");
    Files.writeString(directory.resolve("loginuid"), login);
  }
}
