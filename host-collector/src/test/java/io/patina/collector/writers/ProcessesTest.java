package io.patina.collector.writers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
  private static final int OWN = (int) ProcessHandle.current().pid();

  @TempDir Path proc;

  @Test
  void aProcessThatRunsIsDescribed() {
    Writer self = new Processes("/proc", Processes.Detail.PROCESS).writer(OWN);
    assertEquals(OWN, self.pid());
    assertFalse(self.command().isEmpty());
    assertTrue(self.executable().toStringUtf8().endsWith("/java"), self::toString);
    assertTrue(self.loginUser().isEmpty());
  }

  @Test
  void whoIsOnlyAskedWhereItIsWanted() {
    assertFalse(new Processes("/proc", Processes.Detail.OFF).writer(OWN).isKnown());
  }

  @Test
  void aProcessThatHasEndedIsUnknown() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    int unused = ended.waitFor();
    Processes processes = new Processes("/proc", Processes.Detail.PERSON);
    assertEquals(Writer.UNKNOWN, processes.writer((int) ended.pid()));
    assertEquals(Writer.UNKNOWN, processes.writer(0));
  }

  @Test
  void personsAreNamedByTheirLogin() throws Exception {
    describe(7, "vi\n", "1000");
    describe(8, "cron\n", "4294967295");
    Processes person = new Processes(proc.toString(), Processes.Detail.PERSON);
    assertEquals(OptionalLong.of(1000), person.writer(7).loginUser());
    assertTrue(person.writer(8).loginUser().isEmpty());
    Processes process = new Processes(proc.toString(), Processes.Detail.PROCESS);
    assertTrue(process.writer(7).loginUser().isEmpty());
  }

  @Test
  void whatAProcessChoosesIsBoundedAndRaw() throws Exception {
    describe(9, "\u001b[31m<b>" + "x".repeat(5000), "hostile");
    Writer writer = new Processes(proc.toString(), Processes.Detail.PERSON).writer(9);
    assertEquals(64, writer.command().size());
    assertTrue(writer.command().startsWith(ByteString.copyFromUtf8("\u001b[31m<b>")));
    assertTrue(writer.executable().isEmpty());
    assertTrue(writer.loginUser().isEmpty());
  }

  private void describe(int pid, String comm, String login) throws Exception {
    Path directory = Files.createDirectory(proc.resolve(String.valueOf(pid)));
    Files.writeString(directory.resolve("comm"), comm);
    Files.writeString(directory.resolve("cgroup"), "0::/system.slice/x.service\n");
    Files.writeString(directory.resolve("loginuid"), login);
  }
}
