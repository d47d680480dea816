package io.patina.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.patina.facts.Generated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFileTest {

  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("a scope"));

  @TempDir Path directory;

  private final Manifest manifest = Manifest.of(SCOPE, new Generated(1).entries(200));

  @Test
  void whatWasWrittenIsRead() throws Exception {
    Path file = directory.resolve("m.zst");
    ManifestFile.write(manifest, file);
    assertEquals(manifest, ManifestFile.read(file));
    ManifestFile.write(Manifest.of(SCOPE, new Generated(2).entries(5)), file);
    assertEquals(Manifest.of(SCOPE, new Generated(2).entries(5)), ManifestFile.read(file));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(1, left.count());
    }
  }

  @Test
  void bytesThatAreNotCompressedAreReadToo() throws Exception {
    assertEquals(manifest, ManifestFile.read(file(manifest.canonical().toByteArray())));
  }

  @Test
  void aBombIsNotUnpackedBeyondTheBound() throws Exception {
    byte[] bomb = Zstd.compress(new byte[50_000_000]);
    assertTrue(bomb.length < 10_000);
    Path file = file(bomb);
    String said =
        String.valueOf(
            assertThrows(MalformedManifestException.class, () -> ManifestFile.read(file, 1_000_000))
                .getMessage());
    assertTrue(said.contains("over 1000000 bytes"), said);
  }

  @Test
  void theBoundIsExact() throws Exception {
    Path file = directory.resolve("m.zst");
    ManifestFile.write(manifest, file);
    int size = manifest.canonical().size();
    assertEquals(manifest, ManifestFile.read(file, size));
    assertThrows(MalformedManifestException.class, () -> ManifestFile.read(file, size - 1));
  }

  @Test
  void halfAFileIsRefused() throws Exception {
    byte[] whole = Zstd.compress(manifest.canonical().toByteArray());
    for (int length : new int[] {0, 3, 4, 5, whole.length / 2, whole.length - 1}) {
      Path file = file(Arrays.copyOf(whole, length));
      assertThrows(MalformedManifestException.class, () -> ManifestFile.read(file), "at " + length);
    }
  }

  @Test
  void theStoreGivesWhatItWasGiven() throws Exception {
    ManifestStore store = new ManifestStore(directory.resolve("store"));
    assertEquals(Optional.empty(), store.get(manifest.digest()));
    store.put(manifest);
    store.put(manifest);
    assertEquals(Optional.of(manifest), store.get(manifest.digest()));
  }

  @Test
  void theStoreNeverGivesAnotherManifestThanAskedFor() throws Exception {
    ManifestStore store = new ManifestStore(directory);
    store.put(manifest);
    String hex = manifest.digest().hex();
    Path stored = directory.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex + ".zst");
    assertTrue(Files.exists(stored));
    ManifestFile.write(Manifest.of(SCOPE, new Generated(2).entries(5)), stored);
    String said =
        String.valueOf(
            assertThrows(MalformedManifestException.class, () -> store.get(manifest.digest()))
                .getMessage());
    assertTrue(said.contains("instead of what its name says"), said);
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(directory.resolve("given"), content);
  }
}
