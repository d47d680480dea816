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
    assertEquals(2, under.mounts().size());
    assertTrue(under.at(bytes("/with space\\")).isPresent());
    // What the root itself lies on is the part of it that can be seen.
    assertEquals(bytes("/mnt"), under.at(bytes("/")).orElseThrow().fsRoot());
  }

  @Test
  void aBindInsideAnotherRootIsKnownAlthoughTheRootIsNoMountPoint() {
    MountTable under =
        MountTable.parse(
                """
                27 1 254:0 / / rw - ext4 /dev/vda rw
                30 27 254:0 /image/usr /image/bound rw - ext4 /dev/vda rw
                """
                    .getBytes(StandardCharsets.UTF_8))
            .under(bytes("/image"));
    assertEquals(
        Optional.of(bytes("/usr")), under.sameElsewhere(under.at(bytes("/bound")).orElseThrow()));
  }

  @Test
  void whatLiesBelowALaterMountIsNotSeenWhateverTheOrderOfTheTable() {
    MountTable hiding =
        MountTable.parse(
            """
            22 27 0:21 / /proc rw - proc proc rw
            27 1 254:0 / / rw - ext4 /dev/vda rw
            30 27 0:40 / /srv/share rw - nfs4 there:/ rw
            31 30 0:41 / /srv/share/below rw - tmpfs tmpfs rw
            32 27 254:1 / /srv rw - ext4 /dev/vdb rw
            """
                .getBytes(StandardCharsets.UTF_8));
    assertTrue(hiding.at(bytes("/proc")).isPresent());
    assertTrue(hiding.at(bytes("/srv")).isPresent());
    assertEquals(Optional.empty(), hiding.at(bytes("/srv/share")));
    assertEquals(Optional.empty(), hiding.at(bytes("/srv/share/below")));
    assertTrue(hiding.mountedIn(bytes("/")));
    assertEquals(false, hiding.mountedIn(bytes("/srv/share")));
  }

  @Test
  void mountsThatLieOnEachOtherInACircleAreNoEndlessLoop() {
    assertEquals(
        2,
        MountTable.parse(
                """
                1 2 8:1 / /a rw - ext4 x rw
                2 1 8:1 / /b rw - ext4 x rw
                """
                    .getBytes(StandardCharsets.UTF_8))
            .visible()
            .size());
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
