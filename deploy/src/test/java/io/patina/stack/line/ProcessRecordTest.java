package io.patina.stack.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRecordTest {
  private static final String FIELDS =
      "S 1 42 42 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 10";

  @TempDir Path directory;

  @Test
  void theStartTimeIsFoundBehindANameWithSpacesAndParentheses() {
    assertEquals(Optional.of(987654L), ProcessRecord.parseStat("42 (java) " + FIELDS));
    assertEquals(Optional.of(987654L), ProcessRecord.parseStat("42 (a) S 1 (b) " + FIELDS));
  }

  @Test
  void aProcessThatHasEndedAndWasNotReapedIsNotThere() {
    assertEquals(
        Optional.empty(), ProcessRecord.parseStat("42 (java) " + FIELDS.replaceFirst("S", "Z")));
  }

  @Test
  void anythingElseIsNoProcess() {
    assertEquals(Optional.empty(), ProcessRecord.parseStat(""));
    assertEquals(Optional.empty(), ProcessRecord.parseStat("42 (java)"));
    assertEquals(Optional.empty(), ProcessRecord.parseStat("42 (java) S 1"));
  }

  @Test
  void aRecycledPidIsSomebodyElse() throws Exception {
    Process process = new ProcessBuilder("/bin/sh", "-c", "read line").start();
    try {
      ProcessRecord record = ProcessRecord.of(process.pid()).orElseThrow();
      assertTrue(record.isAlive());
      ProcessRecord earlier =
          new ProcessRecord(record.pid(), record.startTicks() - 1, record.boot());
      assertFalse(earlier.isAlive());
      earlier.signal("KILL");
      assertTrue(process.isAlive());
      record.signal("TERM");
      assertTrue(record.awaitEnd(Duration.ofSeconds(30)));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatIsWrittenIsReadAndRubbishIsNobody() throws Exception {
    Path file = directory.resolve("x.pid");
    ProcessRecord record = new ProcessRecord(7, 8, "boot");
    record.write(file);
    assertEquals(Optional.of(record), ProcessRecord.read(file));
    Files.writeString(file, "seven eight boot\n");
    assertEquals(Optional.empty(), ProcessRecord.read(file));
    assertEquals(Optional.empty(), ProcessRecord.read(directory.resolve("none")));
  }
}
