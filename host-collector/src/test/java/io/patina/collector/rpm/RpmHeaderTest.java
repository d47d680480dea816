package io.patina.collector.rpm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.inventory.Accounts;
import io.patina.collector.inventory.RealPaths;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Kind;
import io.patina.collector.inventory.ShippedPath.Trait;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RpmHeaderTest {

  /** Writes header blobs as rpm does, for texts and numbers. */
  private static final class Blob {
    private final List<int[]> index = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    Blob texts(int tag, String... values) {
      index.add(new int[] {tag, 8, data.size(), values.length});
      for (String value : values) {
        data.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
        data.write(0);
      }
      return this;
    }

    Blob ints(int tag, int... values) {
      while (data.size() % 4 != 0) {
        data.write(0);
      }
      index.add(new int[] {tag, 4, data.size(), values.length});
      for (int value : values) {
        data.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
      }
      return this;
    }

    Blob shorts(int tag, int... values) {
      while (data.size() % 2 != 0) {
        data.write(0);
      }
      index.add(new int[] {tag, 3, data.size(), values.length});
      for (int value : values) {
        data.writeBytes(ByteBuffer.allocate(2).putShort((short) value).array());
      }
      return this;
    }

    byte[] bytes() {
      ByteBuffer out = ByteBuffer.allocate(8 + 16 * index.size() + data.size());
      out.putInt(index.size()).putInt(data.size());
      index.forEach(e -> out.putInt(e[0]).putInt(e[1]).putInt(e[2]).putInt(e[3]));
      return out.put(data.toByteArray()).array();
    }
  }

  private static Blob sample() {
    return new Blob()
        .texts(Tags.NAME, "sample")
        .texts(Tags.VERSION, "1.2")
        .texts(Tags.RELEASE, "3")
        .texts(Tags.ARCH, "x86_64")
        .ints(Tags.EPOCH, 4)
        .texts(Tags.BASENAMES, "tool", "tool.conf", "log", "link", "colour")
        .texts(Tags.DIR_NAMES, "/bin/", "/etc/", "/var/log/")
        .ints(Tags.DIR_INDEXES, 0, 1, 2, 0, 0)
        .ints(Tags.FILE_SIZES, 12, 3, 0, 4, 9)
        .shorts(Tags.FILE_MODES, 0104755, 0100640, 0100600, 0120777, 0100755)
        .ints(Tags.FILE_FLAGS, 0, Tags.FLAG_CONFIG, Tags.FLAG_GHOST, 0, 0)
        .ints(Tags.FILE_VERIFY_FLAGS, -1, ~(Tags.VERIFY_SIZE | Tags.VERIFY_DIGEST), -1, -1, -1)
        .texts(Tags.FILE_DIGESTS, "11".repeat(32), "22".repeat(32), "", "", "33".repeat(32))
        .ints(Tags.FILE_DIGEST_ALGORITHM, 8)
        .texts(Tags.FILE_LINKS, "", "", "", "tool", "")
        .texts(Tags.FILE_USERS, "root", "daemon", "root", "root", "root")
        .texts(Tags.FILE_GROUPS, "root", "nobody-knows", "root", "root", "root")
        .texts(Tags.FILE_CAPS, "cap_net_raw=ep", "", "", "", "");
  }

  private static List<ShippedPath> paths(byte[] blob) throws MalformedHeaderException {
    List<ShippedPath> found = new ArrayList<>();
    Accounts accounts =
        Accounts.parse(ByteString.copyFromUtf8("daemon:x:1:1::/:\n"), ByteString.EMPTY);
    RealPaths real =
        new RealPaths(
            path ->
                path.toStringUtf8().equals("/bin")
                    ? Optional.of(ByteString.copyFromUtf8("usr/bin"))
                    : Optional.empty());
    new HeaderFiles(RpmHeader.parse(blob), "rpm:sample:x86_64", accounts, real).each(found::add);
    return found;
  }

  @Test
  void namesAPackageWithItsEpoch() throws Exception {
    assertEquals("4:1.2-3", RpmDatabase.identify(RpmHeader.parse(sample().bytes())).version());
  }

  @Test
  void statesWhatRpmWouldVerifyAndNoMore() throws Exception {
    List<ShippedPath> paths = paths(sample().bytes());

    ShippedPath tool = paths.get(0);
    assertEquals("/usr/bin/tool", tool.path().toStringUtf8());
    assertEquals(Kind.FILE, tool.kind());
    assertEquals(04755, tool.mode());
    assertEquals(12L, tool.size());
    assertEquals(0L, tool.uid());
    assertEquals(ByteString.fromHex("0100000200200000000000000000000000000000"), tool.capability());

    ShippedPath config = paths.get(1);
    assertTrue(config.has(Trait.CONFIG));
    assertEquals(null, config.digest());
    assertEquals(null, config.size());
    assertEquals(1L, config.uid());
    assertEquals(null, config.gid(), "a group that the root does not know is not stated");

    ShippedPath ghost = paths.get(2);
    assertTrue(ghost.has(Trait.GHOST) && ghost.has(Trait.OPTIONAL));
    assertEquals(null, ghost.mode());

    ShippedPath link = paths.get(3);
    assertEquals(ByteString.copyFromUtf8("tool"), link.target());
    assertEquals(null, link.mode());
  }

  @Test
  void leavesOutWhatAnotherPackageReplacedOrWasNotInstalled() throws Exception {
    byte[] blob = withStates(0, 0, 0, 2, 4);

    assertEquals(
        List.of("/usr/bin/tool", "/etc/tool.conf", "/var/log/log"),
        paths(blob).stream().map(p -> p.path().toStringUtf8()).toList());
  }

  private static byte[] withStates(int... states) {
    Blob blob = sample();
    blob.index.add(new int[] {Tags.FILE_STATES, 1, blob.data.size(), states.length});
    for (int state : states) {
      blob.data.write(state);
    }
    return blob.bytes();
  }

  @Test
  void neverReachesBeyondADamagedBlob() {
    byte[] sound = sample().bytes();
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] blob = sound.clone();
      for (int i = random.nextInt(6); i >= 0; i--) {
        blob[random.nextInt(blob.length)] = (byte) random.nextInt(256);
      }
      byte[] cut =
          random.nextInt(4) == 0
              ? java.util.Arrays.copyOf(blob, random.nextInt(blob.length))
              : blob;
      try {
        paths(cut);
        RpmDatabase.identify(RpmHeader.parse(cut));
      } catch (MalformedHeaderException e) {
        assertTrue(!String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }

  @Test
  void refusesACountThatTheBlobCannotHold() {
    byte[] blob = sample().bytes();
    ByteBuffer.wrap(blob).putInt(8 + 12, Integer.MAX_VALUE);
    assertThrows(MalformedHeaderException.class, () -> RpmHeader.parse(blob));
    ByteBuffer.wrap(blob).putInt(0, -1);
    assertThrows(MalformedHeaderException.class, () -> RpmHeader.parse(blob));
  }

  @Test
  void understandsCapabilitiesAsTheKernelStoresThem() {
    assertArrayEquals(new byte[0], raw("="));
    assertArrayEquals(new byte[0], raw(""));
    assertEquals(
        ByteString.fromHex("0100000200040000000000000000000000000000"),
        FileCapabilities.parse("= cap_net_bind_service+ep").orElseThrow());
    assertEquals(
        ByteString.fromHex("0000000200300000000000000000000000000000"),
        FileCapabilities.parse("cap_net_admin,cap_net_raw=p").orElseThrow());
    assertEquals(Optional.empty(), FileCapabilities.parse("cap_of_tomorrow=ep"));
  }

  private static byte[] raw(String text) {
    return FileCapabilities.parse(text).orElseThrow().toByteArray();
  }
}
