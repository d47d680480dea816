package io.patina.engine.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another engine may answer with. */
class HttpStoreTest {

  private static final Manifest MANIFEST = manifest("scope");

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  private final List<String> asked = new ArrayList<>();
  private volatile int status = 200;
  private volatile byte[] body = new byte[0];

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        e -> {
          asked.add(e.getRequestURI() + " " + e.getRequestHeaders().getFirst("Authorization"));
          e.getResponseHeaders().add("Location", "/elsewhere");
          e.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          e.getResponseBody().write(body);
          e.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theManifestOfThatDigestIsTakenAndTheTokenGoesWithTheRequest() throws Exception {
    body = MANIFEST.canonical().toByteArray();
    Path token = Files.writeString(directory.resolve("token"), "secret\n");
    HttpStore.Answer answer = new HttpStore(address(), Optional.of(token)).get(MANIFEST.digest());
    assertEquals(new HttpStore.Got(MANIFEST), answer);
    assertEquals(List.of("/api/v1/manifests/" + MANIFEST.digest().hex() + " Bearer secret"), asked);
  }

  @Test
  void anotherManifestThanTheOneAskedForIsNotTaken() {
    body = manifest("other").canonical().toByteArray();
    String reason = failure();
    assertTrue(reason.contains("answers with " + manifest("other").digest()), reason);
  }

  @Test
  void whatIsNoManifestIsNotTaken() {
    body = "<html>sign in</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    String reason = failure();
    assertTrue(reason.contains("no manifest"), reason);
  }

  @Test
  void aRedirectIsNotFollowed() {
    status = 302;
    String reason = failure();
    assertTrue(reason.contains("HTTP 302"), reason);
    assertEquals(1, asked.size());
  }

  @Test
  void whatIsNotThereIsNotAskedForAgainAtOnce() {
    status = 404;
    HttpStore store = new HttpStore(address(), Optional.empty());
    assertEquals(new HttpStore.Missing(), store.get(MANIFEST.digest()));
    assertEquals(new HttpStore.Missing(), store.get(MANIFEST.digest()));
    assertEquals(1, asked.size());
    assertEquals(new HttpStore.Missing(), store.get(manifest("other").digest()));
    assertEquals(2, asked.size());
  }

  @Test
  void anAddressThatIsAwayIsNotAskedForEachManifest() {
    HttpStore store = new HttpStore(address(), Optional.empty());
    server.stop(0);
    HttpStore.Answer answer = store.get(MANIFEST.digest());
    assertInstanceOf(HttpStore.Failed.class, answer);
    // It names the manifest that was asked for.
    assertEquals(answer, store.get(manifest("other").digest()));
  }

  @Test
  void anAddressThatIsNoneAndATokenInTheClearAreRefused() {
    for (String wrong : List.of("patina.example.org", "file:///etc", "http:///x")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new HttpStore(URI.create(wrong), Optional.empty()),
          wrong);
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new HttpStore(URI.create("http://192.0.2.1"), Optional.of(directory.resolve("token"))));
  }

  private String failure() {
    return assertInstanceOf(
            HttpStore.Failed.class,
            new HttpStore(address(), Optional.empty()).get(MANIFEST.digest()))
        .reason();
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static Manifest manifest(String scope) {
    return Manifest.of(Digest.of(ByteString.copyFromUtf8(scope)), List.of());
  }
}
