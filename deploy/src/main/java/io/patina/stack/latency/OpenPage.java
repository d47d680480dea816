package io.patina.stack.latency;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A host's page as an open browser has it: listens to what the server says has changed, fetches the
 * page again as the page's script does, and knows when it first showed a deviation, or no longer.
 */
final class OpenPage implements AutoCloseable {

  private static final String DEVIATIONS = "data-part=\"deviations\"";
  private static final String TIMELINE = "data-part=\"timeline\"";

  /** What is waited for, and when it was first shown. */
  private record Awaited(String text, boolean shown, CompletableFuture<Long> at) {}

  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpRequest page;
  private final HttpResponse<java.io.InputStream> changes;
  private final CountDownLatch open = new CountDownLatch(1);
  private volatile @Nullable Awaited awaited;

  /**
   * Opens the page.
   *
   * @param address the engine's, ending with a slash
   * @param host the host's id
   */
  OpenPage(URI address, String host) throws IOException, InterruptedException {
    this.page = HttpRequest.newBuilder(address.resolve("hosts/" + host)).build();
    this.changes =
        http.send(
            HttpRequest.newBuilder(address.resolve("live?host=" + host))
                .header("Accept", "text/event-stream")
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    if (changes.statusCode() != 200) {
      throw new IOException("the page's changes answer " + changes.statusCode());
    }
    Thread.ofPlatform().name("open-page").daemon().start(this::follow);
    if (!open.await(30, TimeUnit.SECONDS)) {
      throw new IOException("the page's changes have said nothing within 30 s");
    }
  }

  /** From now on notes when the deviations first show this text, or no longer. */
  void expect(String text, boolean shown) {
    awaited = new Awaited(text, shown, new CompletableFuture<>());
  }

  /**
   * When it was so, by {@link System#nanoTime}.
   *
   * @throws IOException if it is not so within a minute
   */
  long shownAt() throws IOException, InterruptedException {
    Awaited now = awaited;
    if (now == null) {
      throw new IllegalStateException("nothing is expected");
    }
    try {
      return now.at().get(1, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      throw new IOException("the open page could not be followed", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the open page has not followed " + now.text() + " for a minute", e);
    }
  }

  private void follow() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(changes.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        open.countDown();
        if (line.startsWith("event:") && line.endsWith("changed")) {
          refresh();
        }
      }
      fail(new IOException("the server has closed the page's changes"));
    } catch (IOException | UncheckedIOException e) {
      fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refresh() throws IOException, InterruptedException {
    String html = http.send(page, HttpResponse.BodyHandlers.ofString()).body();
    long at = System.nanoTime();
    Awaited now = awaited;
    int start = html.indexOf(DEVIATIONS);
    int end = html.indexOf(TIMELINE, Math.max(0, start));
    if (start < 0 || end < 0) {
      throw new IOException("the page has other parts than this measurement knows");
    }
    if (now != null && html.substring(start, end).contains(now.text()) == now.shown()) {
      now.at().complete(at);
    }
  }

  private void fail(Exception cause) {
    Awaited now = awaited;
    if (now != null) {
      now.at().completeExceptionally(cause);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
