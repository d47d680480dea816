package io.patina.collector.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.spool.Outgoing.Destination;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFullDiskTest {
  @TempDir Path directory;

  @Test
  void aFullDiskRefusesTheRecordAndHarmsNoOther() throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=512k", "none", directory.toString()),
        "mounting a small file system needs root");
    try {
      List<Outgoing> kept = new ArrayList<>();
      try (Spool spool = Spool.open(directory, 64L << 20)) {
        Spool.Appending answer;
        do {
          Outgoing record = record(kept.size());
          answer = spool.append(List.of(record));
          if (answer instanceof Spool.Appending.Kept) {
            kept.add(record);
          }
        } while (answer instanceof Spool.Appending.Kept);
        assertInstanceOf(Spool.Appending.Failed.class, answer);
        assertEquals(kept, SpoolTest.all(spool));
      }
      try (Spool spool = Spool.open(directory, 64L << 20)) {
        assertEquals(kept, SpoolTest.all(spool));
        spool.clear(0);
        assertInstanceOf(Spool.Appending.Kept.class, spool.append(List.of(record(0))));
        assertEquals(List.of(record(0)), SpoolTest.all(spool));
      }
    } finally {
      run("umount", directory.toString());
    }
  }

  private static Outgoing record(int number) {
    byte[] value = new byte[10_000];
    new java.util.Random(number).nextBytes(value);
    return new Outgoing(Destination.REPORTS, ByteString.EMPTY, ByteString.copyFrom(value));
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
