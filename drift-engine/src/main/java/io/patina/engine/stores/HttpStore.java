package io.patina.engine.stores;

import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Manifests that another engine holds. Redirects are not followed: the configuration says who is
 * asked. What it did not give is asked for again after a while only. Used by one thread.
 */
final class HttpStore {

  /** Largest answer, packed. */
  private static final long MOST_BYTES = 256L << 20;

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration WHOLE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofSeconds(15);
  private static final int REMEMBERED = 10_000;

  /** How asking ended. */
  sealed interface Answer {}

  /** Here it is; its digest is the one that was asked for. */
  record Got(Manifest manifest) implements Answer {}

  /** It does not hold it. */
  record Missing() implements Answer {}

  /** It could not be asked, or gave something else. */
  record Failed(String reason) implements Answer {}

  private final URI base;
  private final Optional<Path> tokenFile;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private record Before(long nanos, Answer answer) {}

  private final Map<Digest, Before> asked =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Before> eldest) {
          return size() > REMEMBERED;
        }
      };

  HttpStore(URI base, Optional<Path> tokenFile) {
    String scheme = String.valueOf(base.getScheme());
    if (base.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException(
          "patina.catalogue.store-urls: "
              + base
              + " is no address such as https://patina.example.org");
    }
    if (tokenFile.isPresent() && scheme.equals("http") && !isLoopback(base.getHost())) {
      throw new IllegalArgumentException(
          "patina.catalogue.store-urls: " + base + " would get the token in the clear; use https");
    }
    String text = base.toString();
    this.base = URI.create(text.endsWith("/") ? text : text + "/");
    this.tokenFile = tokenFile;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  Answer get(Digest digest) {
    Before before = asked.get(digest);
    if (before != null && System.nanoTime() - before.nanos() < PAUSE.toNanos()) {
      return before.answer();
    }
    Answer answer = ask(digest);
    if (answer instanceof Got) {
      asked.remove(digest);
    } else {
      asked.put(digest, new Before(System.nanoTime(), answer));
    }
    return answer;
  }

  private Answer ask(Digest digest) {
    URI address = base.resolve("api/v1/manifests/" + digest.hex());
    CompletableFuture<HttpResponse<byte[]>> sent = null;
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address).timeout(WHOLE).header("Accept-Encoding", "zstd");
      if (tokenFile.isPresent()) {
        request.header("Authorization", "Bearer " + Files.readString(tokenFile.get()).strip());
      }
      sent =
          client.sendAsync(
              request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
      HttpResponse<byte[]> answer = sent.get(WHOLE.toSeconds(), TimeUnit.SECONDS);
      return switch (answer.statusCode()) {
        case 200 -> verified(address, digest, answer.body());
        case 404 -> new Missing();
        default -> new Failed(address + " answers with HTTP " + answer.statusCode());
      };
    } catch (ExecutionException e) {
      return new Failed(address + " cannot be asked: " + e.getCause());
    } catch (TimeoutException e) {
      return new Failed(address + " takes over " + WHOLE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Failed("interrupted");
    } catch (IOException | IllegalArgumentException e) {
      return new Failed("the token for " + address + " cannot be used: " + e.getMessage());
    } finally {
      if (sent != null) {
        var unused = sent.cancel(true);
      }
    }
  }

  private static Answer verified(URI address, Digest digest, byte[] body) {
    try {
      Manifest manifest = ManifestFile.read(new ByteArrayInputStream(body));
      return manifest.digest().equals(digest)
          ? new Got(manifest)
          : new Failed(address + " answers with " + manifest.digest());
    } catch (IOException | MalformedManifestException e) {
      return new Failed(address + " answers with no manifest: " + e.getMessage());
    }
  }
}
