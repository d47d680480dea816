package io.patina.engine.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.engine.access.Gate.Request;
import io.patina.engine.access.Gate.Token;
import io.patina.engine.problems.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final String SECRET = "0123456789abcdef";
  private static final Optional<Token> TOKEN = Token.of(SECRET + "\n");
  private static final Gate LOOPBACK = new Gate(true, Optional.empty());
  private static final Gate OPEN = new Gate(false, Optional.empty());

  @Test
  void readsOnLoopbackNeedNothingButALoopbackName() {
    for (String host :
        List.of(
            "localhost", "localhost:8080", "LOCALHOST", "127.0.0.1:1", "127.1.2.3", "[::1]:80")) {
      assertEquals(0, status(LOOPBACK, "GET", "/", host, null), host);
    }
    for (String host :
        List.of(
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:8080",
            "",
            "10.0.0.1")) {
      assertEquals(421, status(LOOPBACK, "GET", "/", host, null), host);
    }
    assertEquals(421, status(LOOPBACK, "GET", "/", null, null));
  }

  @Test
  void aProxyOnLoopbackDoesNotOpenReading() {
    Request proxied = new Request("GET", "/", "localhost", null, null, true);
    assertEquals(401, LOOPBACK.refuse(proxied, TOKEN).map(Problem::status).orElse(0));
  }

  @Test
  void writesNeedTheTokenAsBearerEverywhere() {
    String bearer = "Bearer " + SECRET;
    for (Gate gate : List.of(LOOPBACK, OPEN)) {
      assertEquals(401, status(gate, "POST", "/api/v1/x", "localhost", null));
      assertEquals(401, status(gate, "POST", "/api/v1/x", "localhost", "Bearer " + SECRET + "x"));
      assertEquals(401, status(gate, "POST", "/api/v1/x", "localhost", basic(SECRET)));
      assertEquals(401, status(gate, "DELETE", "/q/health", "localhost", null));
      assertEquals(0, status(gate, "POST", "/api/v1/x", "localhost", bearer));
    }
    Request crossSite = new Request("POST", "/", "localhost", bearer, "cross-site", false);
    assertEquals(403, LOOPBACK.refuse(crossSite, TOKEN).map(Problem::status).orElse(0));
  }

  @Test
  void elsewhereReadsNeedTheTokenTooAsBearerOrAsPassword() {
    assertEquals(401, status(OPEN, "GET", "/", "patina.example", null));
    assertEquals(401, status(OPEN, "GET", "/metrics", "patina.example", "Basic !!"));
    assertEquals(401, status(OPEN, "GET", "/", "patina.example", basic("wrong")));
    assertEquals(0, status(OPEN, "GET", "/", "patina.example", basic(SECRET)));
    assertEquals(0, status(OPEN, "GET", "/", "patina.example", "bearer " + SECRET));
    assertEquals(0, status(OPEN, "GET", "/q/health/ready", "10.1.2.3:8080", null));
  }

  @Test
  void onlyListedNamesAreServedWhereTheyAreListed() {
    Gate listed = new Gate(false, Optional.of(List.of("Patina.Example")));
    assertEquals(0, status(listed, "GET", "/", "patina.example:443", "Bearer " + SECRET));
    assertEquals(421, status(listed, "GET", "/", "other.example", "Bearer " + SECRET));
  }

  @Test
  void withoutATokenNothingIsWrittenAndTheAnswerSaysWhatToDo() {
    Request write = new Request("POST", "/", "localhost", "Bearer ", null, false);
    Problem problem = LOOPBACK.refuse(write, Optional.empty()).orElseThrow();
    assertEquals(401, problem.status());
    assertTrue(problem.detail().contains("PATINA_ACCESS_TOKEN_FILE"));
    assertTrue(Token.of("short").isEmpty());
  }

  private static String basic(String password) {
    return "Basic "
        + Base64.getEncoder().encodeToString(("me:" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static int status(
      Gate gate,
      String method,
      String path,
      @Nullable String host,
      @Nullable String authorisation) {
    return gate.refuse(new Request(method, path, host, authorisation, null, false), TOKEN)
        .map(Problem::status)
        .orElse(0);
  }
}
