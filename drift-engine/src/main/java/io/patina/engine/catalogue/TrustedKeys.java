package io.patina.engine.catalogue;

import io.patina.signing.InvalidKeyException;
import io.patina.signing.TrustRoots;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The trust roots as the directory holds them now: keys are added and removed while it runs. */
@Singleton
public final class TrustedKeys {

  private static final Logger LOG = Logger.getLogger(TrustedKeys.class);
  private static final TrustRoots NONE = new TrustRoots(List.of());

  private final Optional<Path> directory;

  public TrustedKeys(CatalogueConfig config) {
    this.directory = config.trustRoots();
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
