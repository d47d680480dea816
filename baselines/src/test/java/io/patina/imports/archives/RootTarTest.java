package io.patina.imports.archives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.imports.Scopes;
import io.patina.manifest.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class RootTarTest {

  @Test
  void extendedAttributesAreBytes() throws Exception {
    byte[] capability = {1, 0, 0, 2, (byte) 0xff, 0, 0, (byte) 0x80, '\n', '=', 0, 0};
    Imported imported =
        read(
            new TarMaker()
                .pax("SCHILY.xattr.security.capability", capability)
                .file("./x", "content")
                .done());
    Attributes x = stated(imported, "/x");
    assertEquals(ByteString.copyFrom(capability), x.get("capability").orElseThrow());
    assertEquals(
        Digest.of(ByteString.copyFromUtf8("content")).hex(), x.shown("sha256").orElseThrow());
  }

  @Test
  void namesInExtendedRecordsAreBytes() throws Exception {
    byte[] name = {'.', '/', (byte) 0xff, (byte) 0xfe};
    Imported imported = read(new TarMaker().pax("path", name).file("short", "").done());
    assertEquals(
        ByteString.copyFrom(new byte[] {'/', (byte) 0xff, (byte) 0xfe}),
        imported.manifest().get(0).key().name());
  }

  @Test
  void aHardLinkIsWhatItsTargetWasWhenItWasMade() throws Exception {
    Imported imported =
        read(
            new TarMaker()
                .file("a", "first")
                .hardLink("b", "a")
                .hardLink("c", "./b")
                .file("a", "second")
                .done());
    assertEquals("5", stated(imported, "/b").shown("size").orElseThrow());
    assertEquals(stated(imported, "/b"), stated(imported, "/c"));
    assertEquals("6", stated(imported, "/a").shown("size").orElseThrow());
  }

  @Test
  void aHardLinkToNothingIsAGap() throws Exception {
    Imported imported = read(new TarMaker().hardLink("b", "gone").hardLink("c", "c").done());
    assertEquals(Gap.UNAVAILABLE, imported.manifest().get(0).gap().orElseThrow().reason());
    assertEquals(Gap.UNAVAILABLE, imported.manifest().get(1).gap().orElseThrow().reason());
  }

  @Test
  void accessControlListsInTextBecomeThoseOfTheKernel() throws Exception {
    String text = "user::rw-,user:lisa:r--:1000,group::r--,mask::r--,other::---";
    Imported imported =
        read(
            new TarMaker()
                .pax("SCHILY.acl.access", text.getBytes(StandardCharsets.UTF_8))
                .file("x", "")
                .done());
    assertEquals(
        "02000000"
            + "01000600ffffffff"
            + "02000400e8030000"
            + "04000400ffffffff"
            + "10000400ffffffff"
            + "20000000ffffffff",
        stated(imported, "/x").shown("acl").orElseThrow());
  }

  @Test
  void holesAreZeros() throws Exception {
    byte[] map = new byte[512];
    byte[] numbers = "1\n1000\n3\n".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(numbers, 0, map, 0, numbers.length);
    byte[] content = new byte[515];
    System.arraycopy(map, 0, content, 0, 512);
    System.arraycopy("END".getBytes(StandardCharsets.US_ASCII), 0, content, 512, 3);
    Imported imported = read(sparse("1003", content));
    byte[] whole = new byte[1003];
    System.arraycopy("END".getBytes(StandardCharsets.US_ASCII), 0, whole, 1000, 3);
    Attributes s = stated(imported, "/s");
    assertEquals("1003", s.shown("size").orElseThrow());
    assertEquals(Digest.of(ByteString.copyFrom(whole)).hex(), s.shown("sha256").orElseThrow());
  }

  private static byte[] sparse(String size, byte[] content) {
    // The four records of one header would be one extension; a global one each does as well.
    TarMaker tar = new TarMaker();
    for (String[] r :
        new String[][] {
          {"GNU.sparse.major", "1"},
          {"GNU.sparse.minor", "0"},
          {"GNU.sparse.name", "s"},
          {"GNU.sparse.realsize", size}
        }) {
      byte[] record =
          ((r[0].length() + r[1].length() + 5) + " " + r[0] + "=" + r[1] + "\n")
              .getBytes(StandardCharsets.US_ASCII);
      tar.add("g", 'g', 0644, "", record);
    }
    return tar.add("GNUSparseFile.0/s", '0', 0644, "", content).done();
  }

  @Test
  void aSparseFileThatWouldBeTooLargeIsRefused() {
    byte[] map = new byte[512];
    map[0] = '0';
    map[1] = '\n';
    refused(sparse("9000000000000000000", map), "holes of sparse files are over");
    map[0] = '7';
    refused(sparse("100", map), "map of a sparse file is malformed");
  }

  @Test
  void aSmallArchiveOfManyBytesIsRefused() throws Exception {
    byte[] bomb = new TarMaker().add("zeros", '0', 0644, "", new byte[4 << 20]).done();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bomb);
    }
    Limits little = new Limits(100, 1 << 20, 1 << 20, 1 << 20);
    InvalidImportException e =
        assertThrows(
            InvalidImportException.class,
            () ->
                RootTar.read(
                    new ByteArrayInputStream(packed.toByteArray()), Scopes.everything(), little));
    assertTrue(
        String.valueOf(e.getMessage()).contains("unpacked archive is over 1048576 bytes"),
        e.getMessage());
  }

  @Test
  void whatIsNoArchiveIsRefusedWithItsEntry() {
    refused("no archive at all".repeat(100).getBytes(StandardCharsets.UTF_8), "entry 1");
    refused(new TarMaker().file("../../etc/passwd", "x").done(), "leads out of the root");
    refused(new TarMaker().file("a", "x").unfinished(), "entry 2: the archive ends here");
    refused(
        new TarMaker().file("a", "").header("b", '0', 0644, "", 5000).unfinished(),
        "entry 2 (b): the archive ends here");
    refused(
        new TarMaker().header("b", 'x', 0644, "", 1L << 30).done(), "entry 1: an extended header");
    refused(new TarMaker().pax("size", new byte[] {'-', '1'}).file("a", "").done(), "negative");
    refused(
        new TarMaker().add("x", 'x', 0644, "", "999 a=b\n".getBytes(StandardCharsets.UTF_8)).done(),
        "malformed");
    refused("BZh91AY".getBytes(StandardCharsets.UTF_8), "bzip2");
    refused(new TarMaker().hardLink("a", "../b").done(), "leads out of the root");
  }

  @Test
  void damagedArchivesAreRefusedOrReadNeverMore() {
    byte[] whole =
        new TarMaker()
            .directory("d/")
            .pax("SCHILY.xattr.user.a", new byte[] {1, 2})
            .file("d/f", "some content")
            .link("d/l", "f")
            .hardLink("d/h", "d/f")
            .done();
    Random random = new Random(7);
    int refusals = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] copy = whole.clone();
      for (int n = 0; n <= random.nextInt(3); n++) {
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        read(copy);
      } catch (InvalidImportException e) {
        refusals++;
      } catch (IOException e) {
        throw new AssertionError("not a refusal that names the entry", e);
      }
    }
    assertTrue(refusals > 200, refusals + " refusals");
  }

  private static void refused(byte[] archive, String message) {
    InvalidImportException e = assertThrows(InvalidImportException.class, () -> read(archive));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  static Imported read(byte[] archive) throws IOException, InvalidImportException {
    return RootTar.read(new ByteArrayInputStream(archive), Scopes.everything(), Limits.STANDARD);
  }

  static Attributes stated(Imported imported, String path) {
    return imported
        .manifest()
        .find(FactKey.file(ByteString.copyFromUtf8(path)))
        .map(Entry::attributes)
        .orElseThrow();
  }
}
