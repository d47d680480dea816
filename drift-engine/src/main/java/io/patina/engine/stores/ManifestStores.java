package io.patina.engine.stores;

import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The stores that the configuration names, in order: the directory, then other engines. */
public final class ManifestStores {

  /** How far to look. */
  public enum Reach {
    /** Where an answer takes no time. */
    DIRECTORY,
    /** Everywhere. */
    ALL
  }

  private final Optional<ManifestStore> directory;
  private final List<HttpStore> engines;

  private ManifestStores(Optional<ManifestStore> directory, List<HttpStore> engines) {
    this.directory = directory;
    this.engines = engines;
  }

  /**
   * @param directory of manifests by digest
   * @param urls addresses of other engines
   * @param tokenFile the bearer token that those want
   * @throws IllegalArgumentException if an address is none, or would send the token in the clear
   */
  public static ManifestStores of(
      Optional<Path> directory, Optional<List<URI>> urls, Optional<Path> tokenFile) {
    return new ManifestStores(
        directory.map(ManifestStore::new),
        urls.orElse(List.of()).stream().map(u -> new HttpStore(u, tokenFile)).toList());
  }

  /**
   * The manifest of that digest, or empty if no store holds it.
   *
   * @throws IOException if none gave it and one could not be asked
   * @throws MalformedManifestException if the directory holds something else under that digest
   */
  public Optional<Manifest> get(Digest digest, Reach reach)
      throws IOException, MalformedManifestException {
    Optional<Manifest> found =
        directory.isPresent() ? directory.get().get(digest) : Optional.empty();
    if (found.isPresent() || reach == Reach.DIRECTORY) {
      return found;
    }
    List<String> problems = new ArrayList<>();
    for (HttpStore engine : engines) {
      switch (engine.get(digest)) {
        case HttpStore.Got(Manifest manifest) -> {
          return Optional.of(manifest);
        }
        case HttpStore.Missing m -> {}
        case HttpStore.Failed(String reason) -> problems.add(reason);
      }
    }
    if (!problems.isEmpty()) {
      throw new IOException(String.join("; ", problems));
    }
    return Optional.empty();
  }
}
