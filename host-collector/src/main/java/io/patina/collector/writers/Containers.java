package io.patina.collector.writers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.imports.InvalidImportException;
import io.patina.imports.JsonDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names and images of containers by their id, from what runtimes keep on disk; none of them is
 * asked. For one thread.
 *
 * <p>containerd keeps the bundle of each task with the annotations of the CRI plugin, CRI-O and
 * Podman that of containers/storage, Docker a {@code config.v2.json}.
 */
final class Containers {

  /**
   * What a runtime says of a container; each may be empty.
   *
   * @param name what it is called in its pod, or on its host
   */
  record Container(String name, String image) {
    static final Container UNKNOWN = new Container("", "");

    boolean isKnown() {
      return !name.isEmpty() || !image.isEmpty();
    }
  }

  private static final int MOST = 512;

  /** Bundles of Kubernetes containers with hundreds of mounts have some 100 KiB. */
  private static final long MOST_BYTES = 1 << 20;

  private static final List<String> TASKS =
      List.of(
          "run/containerd/io.containerd.runtime.v2.task",
          "run/k3s/containerd/io.containerd.runtime.v2.task");

  private static final List<String> STORAGE =
      List.of(
          "run/containers/storage/overlay-containers",
          "var/lib/containers/storage/overlay-containers");

  private static final String DOCKER = "var/lib/docker/containers";

  private final Path root;
  private final Map<String, Container> known = new LinkedHashMap<>();

  /**
   * @param root of the host's file system
   */
  Containers(Path root) {
    this.root = root;
  }

  /** What is known of a container. */
  Container of(String id) {
    if (!id.matches("[0-9a-f]{64}")) {
      return Container.UNKNOWN;
    }
    Container before = known.get(id);
    if (before != null) {
      return before;
    }
    Container found = look(id);
    // Its bundle may be written a moment later: only what is known is kept.
    if (found.isKnown()) {
      known.put(id, found);
      if (known.size() > MOST) {
        known.remove(known.keySet().iterator().next());
      }
    }
    return found;
  }

  private Container look(String id) {
    for (String tasks : TASKS) {
      for (Path namespace : below(root.resolve(tasks))) {
        Optional<Container> found =
            read(namespace.resolve(id).resolve("config.json")).map(Containers::ofBundle);
        if (found.isPresent() && found.get().isKnown()) {
          return found.get();
        }
      }
    }
    for (String storage : STORAGE) {
      Path all = root.resolve(storage);
      Optional<Container> found =
          read(all.resolve(id).resolve("userdata/config.json"))
              .map(Containers::ofBundle)
              .filter(c -> !c.image().isEmpty())
              .or(() -> read(all.resolve("containers.json")).map(j -> ofStorage(j, id)));
      if (found.isPresent() && found.get().isKnown()) {
        return found.get();
      }
    }
    return read(root.resolve(DOCKER).resolve(id).resolve("config.v2.json"))
        .map(
            j ->
                new Container(
                    withoutSlash(j.path("Name").asText()), j.path("Config").path("Image").asText()))
        .orElse(Container.UNKNOWN);
  }

  /** An OCI bundle, by the annotations of who made it. */
  private static Container ofBundle(JsonNode bundle) {
    JsonNode a = bundle.path("annotations");
    return new Container(
        first(a, "io.kubernetes.cri.container-name", "io.kubernetes.container.name"),
        first(
            a,
            "io.kubernetes.cri.image-name",
            "io.kubernetes.cri-o.ImageName",
            "io.kubernetes.cri-o.Image"));
  }

  /** The list that containers/storage keeps of its containers. */
  private static Container ofStorage(JsonNode list, String id) {
    for (JsonNode each : list) {
      if (each.path("id").asText().equals(id)) {
        String image = "";
        try {
          image =
              new ObjectMapper()
                  .readTree(each.path("metadata").asText("{}"))
                  .path("image-name")
                  .asText();
        } catch (IOException e) {
          // The name is known all the same.
        }
        return new Container(each.path("names").path(0).asText(), image);
      }
    }
    return Container.UNKNOWN;
  }

  private static String first(JsonNode annotations, String... names) {
    for (String name : names) {
      if (annotations.path(name).isTextual()) {
        return annotations.path(name).asText();
      }
    }
    return "";
  }

  private static String withoutSlash(String name) {
    return name.startsWith("/") ? name.substring(1) : name;
  }

  /** The entries of a directory; none where there is none, or where it is not ours to read. */
  private static List<Path> below(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      List<Path> all = new ArrayList<>();
      found.forEach(all::add);
      return all;
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
  }

  private static Optional<JsonNode> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(JsonDocument.read(in, MOST_BYTES, file.toString()));
    } catch (IOException | InvalidImportException e) {
      // Gone, not ours to read, or half written: the id says which container it was.
      return Optional.empty();
    }
  }
}
