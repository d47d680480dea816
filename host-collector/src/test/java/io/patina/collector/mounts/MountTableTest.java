package io.patina.collector.mounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final String TABLE =
      """
      22 27 0:21 / /proc rw,relatime - proc proc rw
      27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard
      30 27 254:0 /srv/data /data rw - ext4 /dev/vda rw,discard
      31 27 0:30 / /mnt/with\\040space\\134 ro,nosuid - fuse.sshfs me@there: rw
      32 27 0:31 / /run rw - tmpfs tmpfs rw,size=10k
      33 32 0:32 / /run rw - tmpfs tmpfs rw,size=20k
      not a line
      """;

  private final MountTable table = MountTable.parse(TABLE.getBytes(StandardCharsets.UTF_8));

  @Test
  void linesAreUnescapedAndOptionalFieldsSkipped() {
    assertEquals(6, table.mounts().size());
    Mount root = table.at(bytes("/")).orElseThrow();
    assertEquals("ext4", root.type());
    assertEquals(List.of("rw", "discard"), root.superOptions());
    Mount fuse = table.at(bytes("/mnt/with space\\")).orElseThrow();
    assertEquals(Mount.Kind.REMOTE, fuse.kind());
  }

  @Test
  void theLastMountOnAPointHidesTheOthers() {
    assertEquals(33, table.at(bytes("/run")).orElseThrow().id());
    assertEquals(5, table.visible().size());
  }

  @Test
  void aBindMountIsKnownByTheSameDirectorySeenEarlier() {
    assertEquals(
        Optional.of(bytes("/srv/data")),
        table.sameElsewhere(table.at(bytes("/data")).orElseThrow()));
    assertEquals(Optional.empty(), table.sameElsewhere(table.at(bytes("/")).orElseThrow()));
  }

  @Test
  void underAnotherRootOnlyWhatIsBelowItCounts() {
    MountTable under = table.under(bytes("/mnt"));
    assertEquals(1, under.mounts().size());
    assertTrue(under.at(bytes("/with space\\")).isPresent());
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
