package io.patina.engine.stores;

import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
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
import org.jspecify.annotations.Nullable;

/**
 * Manifests that another engine holds. Redirects are not followed: the configuration says who is
 * asked. What it did not give is asked for again after a while only, and so is an address that is
 * not there or hangs. Used by one thread.
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

  /**
   * How asking went.
   *
   * @param away for how long no other manifest is asked for either
   * @param pause for how long this one is not asked for
   */
  private record Asked(Answer answer, Duration away, Duration pause) {
    static Asked answered(Answer answer) {
      return new Asked(answer, Duration.ZERO, PAUSE);
    }

    static Asked failed(String reason) {
      return answered(new Failed(reason));
    }

    static Asked unreachable(String reason) {
      return new Asked(new Failed(reason), PAUSE, PAUSE);
    }

    /** It may be this manifest alone at which it hangs: others come before it. */
    static Asked hung(String reason) {
      return new Asked(new Failed(reason), PAUSE, PAUSE.multipliedBy(2));
    }
  }

  private final URI base;
  private final Optional<Path> tokenFile;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private record Before(long until, Answer answer) {}

  private @Nullable Before away;

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
    if (before == null || System.nanoTime() - before.until() >= 0) {
      before = away;
    }
    if (before != null && System.nanoTime() - before.until() < 0) {
      return before.answer();
    }
    Asked now = ask(digest);
    away = now.away().isZero() ? null : before(now.away(), now.answer());
    if (now.answer() instanceof Got) {
      asked.remove(digest);
    } else {
      asked.put(digest, before(now.pause(), now.answer()));
    }
    return now.answer();
  }

  private static Before before(Duration pause, Answer answer) {
    return new Before(System.nanoTime() + pause.toNanos(), answer);
  }

  private Asked ask(Digest digest) {
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
        case 200 -> Asked.answered(verified(address, digest, answer.body()));
        case 404 -> Asked.answered(new Missing());
        default -> Asked.failed(address + " answers with HTTP " + answer.statusCode());
      };
    } catch (ExecutionException e) {
      String reason = address + " cannot be asked: " + e.getCause();
      return switch (e.getCause()) {
        case ConnectException c -> Asked.unreachable(reason);
        case HttpConnectTimeoutException t -> Asked.unreachable(reason);
        case HttpTimeoutException t -> Asked.hung(reason);
        case null, default -> Asked.failed(reason);
      };
    } catch (TimeoutException e) {
      return Asked.hung(address + " takes over " + WHOLE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Asked.failed("interrupted");
    } catch (IOException | IllegalArgumentException e) {
      return Asked.failed("the token for " + address + " cannot be used: " + e.getMessage());
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
