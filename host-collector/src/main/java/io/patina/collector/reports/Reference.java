package io.patina.collector.reports;

import io.patina.collector.disk.DurableFile;
import io.patina.collector.embedded.EmbeddedBaseline;
import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import io.patina.packing.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The last self-contained manifest that went to the engine: the next start states only what differs
 * from it. Valid from when its last part is in the spool, because the spool keeps order: whoever
 * reads what follows has read it. Not valid while a newer one is being spooled, nor for longer than
 * the interval at which self-contained snapshots are due.
 */
public final class Reference {
  /** In more facts than that a host is another system; the engine takes 200,000 at most. */
  private static final int MOST_DIFFERING = 50_000;

  private final Path manifestFile;
  private final Path marker;
  private final Duration validity;
  private final Scratch scratch;
  private final Optional<EmbeddedBaseline> embedded;

  /**
   * @param directory exists; belongs to this alone
   */
  public Reference(Path directory, Duration validity) {
    this(directory, validity, Optional.empty());
  }

  /**
   * @param directory exists; belongs to this alone
   * @param embedded what the image carries with it
   */
  public Reference(Path directory, Duration validity, Optional<EmbeddedBaseline> embedded) {
    this.embedded = embedded;
    this.scratch = Scratch.in(directory);
    this.manifestFile = directory.resolve("manifest.zst");
    this.marker = directory.resolve("digest");
    this.validity = validity;
  }

  /**
   * The manifest of the image's own baseline, if it may be used and is near enough to what is here:
   * it is shared by all hosts of that image, and needs nothing from an earlier snapshot.
   */
  Optional<Manifest> embedded(Manifest observed) {
    return embedded
        .flatMap(e -> e.manifest(observed.scope()))
        .filter(
            m ->
                SnapshotParts.differing(m, observed)
                    <= Math.min(MOST_DIFFERING, observed.size() / 2));
  }

  /** The manifest, if there is one that the engine must hold. */
  Optional<Manifest> load(Digest scope, Instant now) throws IOException {
    if (!Files.exists(marker)) {
      return Optional.empty();
    }
    try {
      List<String> words = Files.readString(marker).strip().lines().toList();
      Instant since = Instant.ofEpochSecond(Long.parseLong(words.get(1)));
      if (since.isAfter(now) || since.plus(validity).isBefore(now)) {
        return Optional.empty();
      }
      Manifest manifest = ManifestFile.readPacked(manifestFile, scratch);
      boolean fits =
          manifest.digest().hex().equals(words.getFirst()) && manifest.scope().equals(scope);
      return fits ? Optional.of(manifest) : Optional.empty();
    } catch (MalformedManifestException
        | NumberFormatException
        | IndexOutOfBoundsException
        | java.nio.file.NoSuchFileException e) {
      // A self-contained snapshot needs no reference; it replaces what is damaged here.
      return Optional.empty();
    }
  }

  /**
   * The manifest that was kept last, whether or not the engine still holds it; empty if there is
   * none of this scope.
   */
  public Optional<Manifest> last(Digest scope) throws IOException {
    if (!Files.exists(manifestFile)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ManifestFile.readPacked(manifestFile, scratch))
          .filter(m -> m.scope().equals(scope));
    } catch (MalformedManifestException e) {
      return Optional.empty();
    }
  }

  /** From now on no manifest is known to be held. */
  public void forget() throws IOException {
    DurableFile.remove(marker);
  }

  /** What is here now, for the next start alone: the engine does not hold it as one manifest. */
  void keepHere(Manifest manifest) throws IOException {
    forget();
    ManifestFile.write(manifest, manifestFile);
  }

  /** The engine will hold this one before it reads anything that is spooled from now on. */
  void keep(Manifest manifest, Instant now) throws IOException {
    ManifestFile.write(manifest, manifestFile);
    String text = manifest.digest().hex() + "\n" + now.getEpochSecond() + "\n";
    DurableFile.replace(marker, text.getBytes(StandardCharsets.US_ASCII));
  }
}
