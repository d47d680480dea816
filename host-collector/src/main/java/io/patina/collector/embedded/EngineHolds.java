package io.patina.collector.embedded;

import io.patina.manifest.Digest;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the engine over HTTP, before a snapshot. The client of {@code java.net} is in every run-time
 * and costs next to no memory; nobody waits long for it.
 */
public final class EngineHolds implements EmbeddedBaseline.Asking {
  private static final Logger LOG = LoggerFactory.getLogger(EngineHolds.class);
  private static final int PATIENCE_MILLIS = 3000;

  private final URI engine;
  private final Optional<Path> tokenFile;

  /**
   * @param engine such as {@code https://patina.example.org}
   * @param tokenFile with the bearer token that it wants
   */
  public EngineHolds(URI engine, Optional<Path> tokenFile) {
    String text = engine.toString();
    this.engine = URI.create(text.endsWith("/") ? text : text + "/");
    this.tokenFile = tokenFile;
  }

  @Override
  public EmbeddedBaseline.Held holds(Digest manifest) {
    URI address = engine.resolve("api/v1/manifests/" + manifest.hex());
    try {
      HttpURLConnection asked = (HttpURLConnection) address.toURL().openConnection();
      try {
        asked.setRequestMethod("HEAD");
        asked.setConnectTimeout(PATIENCE_MILLIS);
        asked.setReadTimeout(PATIENCE_MILLIS);
        asked.setInstanceFollowRedirects(false);
        asked.setUseCaches(false);
        if (tokenFile.isPresent()) {
          asked.setRequestProperty(
              "Authorization", "Bearer " + Files.readString(tokenFile.get()).strip());
        }
        int status = asked.getResponseCode();
        return switch (status) {
          case HttpURLConnection.HTTP_OK -> EmbeddedBaseline.Held.YES;
          case HttpURLConnection.HTTP_NOT_FOUND -> EmbeddedBaseline.Held.NO;
          default -> unknown(address, "HTTP " + status);
        };
      } finally {
        asked.disconnect();
      }
    } catch (IOException | IllegalArgumentException e) {
      return unknown(address, e.toString());
    }
  }

  private static EmbeddedBaseline.Held unknown(URI address, String why) {
    LOG.info("event=engine-not-asked address={} reason=\"{}\"", address, why);
    return EmbeddedBaseline.Held.UNKNOWN;
  }
}
