package io.patina.engine.catalogue;

import io.patina.signing.InvalidKeyException;
import io.patina.signing.TrustRoots;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The trust roots as the directory holds them now: keys are added and removed while it runs. */
@Singleton
public final class TrustedKeys {

  private static final Logger LOG = Logger.getLogger(TrustedKeys.class);
  private static final TrustRoots NONE = new TrustRoots(List.of());

  private final Optional<Path> directory;
  // Guarded by this.
  private @Nullable List<String> seen;

  public TrustedKeys(CatalogueConfig config) {
    this.directory = config.trustRoots();
  }

  /**
   * Whether the directory is another than when this was asked last: by names, sizes and times of
   * its files. False the first time.
   */
  synchronized boolean haveChanged() {
    List<String> now = stamp();
    boolean changed = seen != null && !seen.equals(now);
    seen = now;
    return changed;
  }

  private List<String> stamp() {
    if (directory.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory.get())) {
      List<String> stamp = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        stamp.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
      return stamp;
    } catch (IOException | UncheckedIOException e) {
      return List.of("unreadable");
    }
  }

  /** The keys of now; none if there is no directory or one of its files is no key. */
  public TrustRoots now() {
    if (directory.isEmpty() || !Files.isDirectory(directory.get())) {
      return NONE;
    }
    try {
      return TrustRoots.ofDirectory(directory.get(), Instant.now());
    } catch (IOException | InvalidKeyException e) {
      LOG.errorf("no baseline is trusted: trust roots cannot be read: %s", e.getMessage());
      return NONE;
    }
  }
}
