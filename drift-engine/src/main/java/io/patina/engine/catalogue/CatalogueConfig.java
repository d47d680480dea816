package io.patina.engine.catalogue;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where baselines come from and what it takes to trust one. */
@ConfigMapping(prefix = "patina.catalogue")
public interface CatalogueConfig {

  /** Whether a baseline that a trusted key signed needs no person's approval. */
  @WithDefault("false")
  boolean approveSigned();

  /** Directory of the public keys (*.pem) whose signatures count; without it none counts. */
  Optional<Path> trustRoots();

  /** Directory of manifests by digest, from which baselines' manifests are fetched. */
  Optional<Path> store();

  /**
   * Addresses of other engines, such as {@code https://patina.example.org}, from which manifests
   * are fetched by digest that the directory does not hold; separated by commas.
   */
  Optional<List<URI>> storeUrls();

  /** File with the bearer token that they want; read for each request. */
  Optional<Path> storeTokenFile();

  /** How long to wait before asking a store again for a manifest that it did not have. */
  @WithDefault("1s")
  Duration fetchRetry();
}
