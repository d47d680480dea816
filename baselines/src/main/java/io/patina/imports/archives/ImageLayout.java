package io.patina.imports.archives;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.facts.Escaped;
import io.patina.imports.InvalidImportException;
import io.patina.imports.JsonDocument;
import io.patina.manifest.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Finds the layers of an image: in an OCI layout (image-spec v1.1: image-layout.md, image-index.md,
 * manifest.md) or by the {@code manifest.json} of {@code docker save}.
 */
final class ImageLayout {

  private static final int MAX_DOCUMENT = 8 << 20;
  private static final int MAX_DEPTH = 4;

  private final Members members;

  ImageLayout(Members members) {
    this.members = members;
  }

  /** One image that can be chosen, with all the words by which it can be. */
  private record Choice(List<String> words, JsonNode node) {}

  /**
   * The layers of the one image, or of the one that is chosen.
   *
   * @param select a reference or tag, a platform such as {@code linux/arm64}, or a digest
   */
  List<Layer> layers(Optional<String> select) throws IOException, InvalidImportException {
    Optional<JsonNode> index = document("index.json", "");
    List<Choice> choices = new ArrayList<>();
    if (index.isPresent()) {
      collect(index.get(), List.of(), 0, choices);
      return oci(chosen(choices, select));
    }
    Optional<JsonNode> saved = document("manifest.json", "");
    if (saved.isEmpty()) {
      throw new InvalidImportException(
          "neither index.json (OCI layout) nor manifest.json (docker save) is in it");
    }
    for (JsonNode image : saved.get()) {
      List<String> words = new ArrayList<>();
      image.path("RepoTags").forEach(t -> words.add(t.asText()));
      words.add(image.path("Config").asText());
      choices.add(new Choice(words, image));
    }
    return docker(chosen(choices, select));
  }

  private void collect(JsonNode index, List<String> words, int depth, List<Choice> out)
      throws IOException, InvalidImportException {
    if (depth > MAX_DEPTH || out.size() > 1000) {
      throw new InvalidImportException("the image indexes are nested too deeply or too long");
    }
    for (JsonNode descriptor : index.path("manifests")) {
      List<String> all = new ArrayList<>(words);
      String digest = descriptor.path("digest").asText();
      all.add(digest);
      JsonNode annotations = descriptor.path("annotations");
      add(annotations.path("org.opencontainers.image.ref.name").asText(), all);
      add(annotations.path("io.containerd.image.name").asText(), all);
      JsonNode platform = descriptor.path("platform");
      String os = platform.path("os").asText();
      if (annotations.has("vnd.docker.reference.type") || os.equals("unknown")) {
        // What was said about an image, not an image.
        continue;
      }
      if (!os.isEmpty()) {
        String machine = os + "/" + platform.path("architecture").asText();
        all.add(machine);
        add(platform.has("variant") ? machine + "/" + platform.path("variant").asText() : "", all);
      }
      String mediaType = descriptor.path("mediaType").asText();
      if (mediaType.endsWith("image.index.v1+json")
          || mediaType.endsWith("manifest.list.v2+json")) {
        collect(blob(descriptor), all, depth + 1, out);
      } else {
        out.add(new Choice(all, descriptor));
      }
    }
  }

  private static void add(String word, List<String> to) {
    if (!word.isEmpty()) {
      to.add(word);
    }
  }

  private static JsonNode chosen(List<Choice> choices, Optional<String> select)
      throws InvalidImportException {
    List<Choice> matching =
        choices.stream().filter(c -> select.isEmpty() || c.words().contains(select.get())).toList();
    if (matching.size() == 1) {
      return matching.getFirst().node();
    }
    TreeSet<String> words = new TreeSet<>();
    choices.forEach(c -> words.addAll(c.words()));
    String known = Escaped.text(String.join(", ", words));
    throw new InvalidImportException(
        choices.isEmpty()
            ? "there is no image in it"
            : (matching.isEmpty() ? "no image" : matching.size() + " images")
                + " in it"
                + select.map(s -> " for " + Escaped.text(s)).orElse("")
                + "; choose one with --select: "
                + (known.length() > 2000 ? known.substring(0, 2000) + "..." : known));
  }

  private List<Layer> oci(JsonNode descriptor) throws IOException, InvalidImportException {
    JsonNode manifest = blob(descriptor);
    JsonNode ids = blob(manifest.path("config")).path("rootfs").path("diff_ids");
    List<Layer> layers = new ArrayList<>();
    for (JsonNode layer : manifest.path("layers")) {
      String mediaType = layer.path("mediaType").asText();
      if (!mediaType.contains("image.layer.") && !mediaType.contains("image.rootfs.")) {
        throw new InvalidImportException(
            "layer " + (layers.size() + 1) + " is no filesystem but " + Escaped.text(mediaType));
      }
      String hex = hex(layer.path("digest").asText());
      layers.add(
          new Layer(
              "blobs/sha256/" + hex,
              hex,
              OptionalLong.of(layer.path("size").asLong()),
              diffId(ids, layers.size())));
    }
    return same(layers, ids);
  }

  private List<Layer> docker(JsonNode image) throws IOException, InvalidImportException {
    String name = image.path("Config").asText();
    JsonNode ids =
        document(name, "")
            .orElseThrow(
                () -> new InvalidImportException("the image lacks its " + Escaped.text(name)))
            .path("rootfs")
            .path("diff_ids");
    List<Layer> layers = new ArrayList<>();
    for (JsonNode layer : image.path("Layers")) {
      layers.add(new Layer(layer.asText(), "", OptionalLong.empty(), diffId(ids, layers.size())));
    }
    return same(layers, ids);
  }

  private static List<Layer> same(List<Layer> layers, JsonNode ids) throws InvalidImportException {
    if (layers.isEmpty() || layers.size() != ids.size()) {
      throw new InvalidImportException(
          "the image has " + layers.size() + " layers and its configuration " + ids.size());
    }
    return layers;
  }

  private static String diffId(JsonNode ids, int at) throws InvalidImportException {
    return hex(ids.path(at).asText());
  }

  private static String hex(String digest) throws InvalidImportException {
    if (!digest.matches("sha256:[0-9a-f]{64}")) {
      throw new InvalidImportException(
          "a digest that is not SHA-256: "
              + Escaped.text(digest.substring(0, Math.min(80, digest.length()))));
    }
    return digest.substring("sha256:".length());
  }

  private JsonNode blob(JsonNode descriptor) throws IOException, InvalidImportException {
    String hex = hex(descriptor.path("digest").asText());
    String name = "blobs/sha256/" + hex;
    return document(name, hex)
        .orElseThrow(() -> new InvalidImportException("the layout lacks " + name));
  }

  /** A document; its digest, where one is known, is checked before it is parsed. */
  private Optional<JsonNode> document(String name, String hex)
      throws IOException, InvalidImportException {
    Optional<InputStream> opened = members.open(name);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = opened.get()) {
      byte[] content = in.readNBytes(MAX_DOCUMENT + 1);
      if (content.length > MAX_DOCUMENT) {
        throw new InvalidImportException(
            Escaped.text(name) + " is over " + MAX_DOCUMENT + " bytes");
      }
      if (!hex.isEmpty() && !Digest.of(ByteString.copyFrom(content)).hex().equals(hex)) {
        throw new InvalidImportException(name + " is not what its digest says");
      }
      return Optional.of(
          JsonDocument.read(new ByteArrayInputStream(content), MAX_DOCUMENT, Escaped.text(name)));
    }
  }
}
