package io.patina.imports.archives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.imports.Scopes;
import io.patina.manifest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerImageTest {
  @TempDir Path layout;

  private static final byte[] LOWER =
      new TarMaker()
          .directory("a")
          .file("a/kept", "1")
          .file("a/removed", "1")
          .directory("opaque")
          .file("opaque/old", "1")
          .directory("becomes-file")
          .file("becomes-file/inside", "1")
          .directory("gone")
          .directory("gone/deep")
          .file("gone/deep/x", "1")
          .file("gone.not", "1")
          .file("target", "1")
          .hardLink("linked", "target")
          .done();

  private static final byte[] UPPER =
      new TarMaker()
          .file("a/.wh.removed", "")
          .file("opaque/new", "2")
          .file("opaque/.wh..wh..opq", "")
          .file("becomes-file", "22")
          .file(".wh.gone", "")
          .directory("gone")
          .file("gone/again", "2")
          .file(".wh.target", "")
          .file(".wh..wh.plnk", "")
          .done();

  @Test
  void layersLieOnEachOther() throws Exception {
    image(List.of(gzip(LOWER), UPPER), List.of(LOWER, UPPER));
    assertEquals(
        List.of(
            "/a",
            "/a/kept",
            "/becomes-file",
            "/gone",
            "/gone.not",
            "/gone/again",
            "/linked",
            "/opaque",
            "/opaque/new"),
        names(read(Optional.empty())));
    assertEquals(
        "1", RootTarTest.stated(read(Optional.empty()), "/linked").shown("size").orElse(""));
  }

  @Test
  void whatDockerSavesIsTheSame() throws Exception {
    image(List.of(LOWER, UPPER), List.of(LOWER, UPPER));
    List<String> expected = names(read(Optional.empty()));
    String config = config(List.of(LOWER, UPPER));
    byte[] saved =
        new TarMaker()
            .file("two/layer.tar", "")
            .add("up/layer.tar", '0', 0644, "", UPPER)
            .add("low/layer.tar", '0', 0644, "", LOWER)
            .link("again/layer.tar", "../up/layer.tar")
            .file("c.json", config)
            .file(
                "manifest.json",
                "[{\"Config\":\"c.json\",\"RepoTags\":[\"x:1\"],"
                    + "\"Layers\":[\"low/layer.tar\",\"again/layer.tar\"]}]")
            .done();
    Path file = layout.resolve("saved.tar");
    Files.write(file, gzip(saved));
    Imported imported =
        ContainerImage.read(file, Optional.of("x:1"), Scopes.everything(), Limits.STANDARD);
    assertEquals(expected, names(imported));
  }

  @Test
  void aLayerThatIsNotWhatItsDigestSaysIsRefused() throws Exception {
    image(List.of(gzip(LOWER), UPPER), List.of(LOWER, UPPER));
    Path blob = layout.resolve("blobs/sha256/" + hex(UPPER));
    byte[] bytes = Files.readAllBytes(blob);
    bytes[600] ^= 1;
    Files.write(blob, bytes);
    refused(Optional.empty(), "layer 2 of 2 is not what its digest says");
    Files.delete(blob);
    refused(Optional.empty(), "layer 2 of 2 is not there");
  }

  @Test
  void aLayerThatUnpacksToSomethingElseIsRefused() throws Exception {
    image(List.of(gzip(LOWER)), List.of(UPPER));
    refused(Optional.empty(), "layer 1 of 1 unpacked is not what its digest says");
  }

  @Test
  void aConfigurationThatIsNotWhatItsDigestSaysIsRefused() throws Exception {
    image(List.of(UPPER), List.of(UPPER));
    Path blob =
        layout.resolve(
            "blobs/sha256/" + hex(config(List.of(UPPER)).getBytes(StandardCharsets.UTF_8)));
    Files.writeString(blob, Files.readString(blob) + " ");
    refused(Optional.empty(), "is not what its digest says");
  }

  @Test
  void ofSeveralImagesOneIsChosen() throws Exception {
    String one = image(List.of(LOWER), List.of(LOWER));
    String two = image(List.of(UPPER), List.of(UPPER));
    Files.writeString(
        layout.resolve("index.json"),
        "{\"manifests\":["
            + platform(one, "amd64")
            + ","
            + platform(two, "arm64")
            + ",{\"digest\":\"sha256:"
            + "0".repeat(64)
            + "\",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}}]}");
    refused(Optional.empty(), "2 images in it; choose one with --select: linux/amd64, linux/arm64");
    refused(Optional.of("linux/s390x"), "no image in it for linux/s390x");
    assertTrue(names(read(Optional.of("linux/arm64"))).contains("/opaque/new"));
    assertTrue(names(read(Optional.of("linux/amd64"))).contains("/opaque/old"));
  }

  @Test
  void aPartThatLeadsOutOfTheLayoutIsRefused() throws Exception {
    Files.writeString(
        layout.resolve("manifest.json"), "[{\"Config\":\"../../etc/passwd\",\"Layers\":[\"x\"]}]");
    refused(Optional.empty(), "leads out of the image");
    Files.createSymbolicLink(layout.resolve("c.json"), Path.of("/etc/passwd"));
    Files.writeString(
        layout.resolve("manifest.json"), "[{\"Config\":\"c.json\",\"Layers\":[\"x\"]}]");
    refused(Optional.empty(), "leads out of the layout");
  }

  private void refused(Optional<String> select, String message) {
    InvalidImportException e = assertThrows(InvalidImportException.class, () -> read(select));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  private Imported read(Optional<String> select) throws IOException, InvalidImportException {
    return ContainerImage.read(layout, select, Scopes.everything(), Limits.STANDARD);
  }

  private static List<String> names(Imported imported) {
    List<String> out = new ArrayList<>();
    imported.manifest().forEach(e -> out.add(e.key().displayName()));
    return out;
  }

  /** Writes an image; its manifest's descriptor. */
  private String image(List<byte[]> layers, List<byte[]> unpacked) throws IOException {
    StringBuilder list = new StringBuilder();
    for (byte[] layer : layers) {
      list.append(list.isEmpty() ? "" : ",")
          .append(blob("application/vnd.oci.image.layer.v1.tar+gzip", layer));
    }
    String config =
        blob(
            "application/vnd.oci.image.config.v1+json",
            config(unpacked).getBytes(StandardCharsets.UTF_8));
    String manifest = "{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[" + list + "]}";
    String descriptor =
        blob(
            "application/vnd.oci.image.manifest.v1+json",
            manifest.getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + descriptor + "]}");
    return descriptor;
  }

  private static String platform(String descriptor, String machine) {
    return descriptor.substring(0, descriptor.length() - 1)
        + ",\"platform\":{\"os\":\"linux\",\"architecture\":\""
        + machine
        + "\"}}";
  }

  private static String config(List<byte[]> unpacked) {
    List<String> ids = unpacked.stream().map(u -> "\"sha256:" + hex(u) + "\"").toList();
    return "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + String.join(",", ids) + "]}}";
  }

  private String blob(String mediaType, byte[] content) throws IOException {
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    Files.write(blobs.resolve(hex(content)), content);
    return "{\"mediaType\":\""
        + mediaType
        + "\",\"digest\":\"sha256:"
        + hex(content)
        + "\",\"size\":"
        + content.length
        + "}";
  }

  private static String hex(byte[] content) {
    return Digest.of(ByteString.copyFrom(content)).hex();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packed = new GZIPOutputStream(out)) {
      packed.write(content);
    }
    return out.toByteArray();
  }
}
