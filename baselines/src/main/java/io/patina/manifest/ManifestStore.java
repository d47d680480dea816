package io.patina.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory of manifests by digest: {@code sha256/ab/abcd...zst}. What is read is checked against
 * the name it was asked by.
 */
public final class ManifestStore {

  private final Path directory;

  public ManifestStore(Path directory) {
    this.directory = directory;
  }

  /** Keeps a manifest; keeping it twice is no error. */
  public void put(Manifest manifest) throws IOException {
    Path file = file(manifest.digest());
    if (!Files.exists(file)) {
      Files.createDirectories(file.getParent());
      ManifestFile.write(manifest, file);
    }
  }

  /**
   * The manifest of that digest, or empty if the store does not hold it.
   *
   * @throws MalformedManifestException if what is stored under it is not it
   */
  public Optional<Manifest> get(Digest digest) throws IOException, MalformedManifestException {
    Path file = file(digest);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Manifest manifest = ManifestFile.read(file);
    if (!manifest.digest().equals(digest)) {
      throw new MalformedManifestException(
          file + " holds " + manifest.digest() + " instead of what its name says");
    }
    return Optional.of(manifest);
  }

  private Path file(Digest digest) {
    String hex = digest.hex();
    return directory.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex + ".zst");
  }
}
