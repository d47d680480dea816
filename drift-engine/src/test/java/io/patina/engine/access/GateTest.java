package io.patina.engine.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.engine.access.Gate.Request;
import io.patina.engine.access.Gate.Token;
import io.patina.engine.problems.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final String SECRET = "0123456789abcdef";
  private static final Token TOKEN = Token.of(SECRET + "\n").orElseThrow();
  private static final Caller EVERYTHING =
      new Caller("keeper", Caller.Means.TOKEN_FILE, EnumSet.allOf(Role.class));
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
    assertEquals(401, status(LOOPBACK, proxied));
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
    assertEquals(403, status(LOOPBACK, crossSite));
  }

  @Test
  void elsewhereReadsNeedTheTokenTooAsBearerOrAsPassword() {
    assertEquals(401, status(OPEN, "GET", "/", "patina.example", null));
    assertEquals(401, status(OPEN, "GET", "/metrics", "patina.example", "Basic !!"));
    assertEquals(401, status(OPEN, "GET", "/", "patina.example", basic("wrong")));
    assertEquals(0, status(OPEN, "GET", "/", "patina.example", basic(SECRET)));
    assertEquals(0, status(OPEN, "GET", "/", "patina.example", "bearer " + SECRET));
    assertEquals(0, status(OPEN, "GET", "/q/health/ready", "10.1.2.3:8080", null));
    for (String beside :
        List.of(
            "/q/health/../../api/v1/audit",
            "/q/health/%2e%2e/%2e%2e/api/v1/audit",
            "/q/health/ready;/../../../metrics",
            "/q/health/anything")) {
      assertEquals(401, status(OPEN, "GET", beside, "patina.example", null), beside);
    }
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
    Problem problem =
        LOOPBACK.answer(write, new Gate.Stranger("That is not the token.")).refused().orElseThrow();
    assertEquals(401, problem.status());
    assertTrue(problem.detail().contains("PATINA_ACCESS_TOKEN_FILE"));
    assertTrue(Token.of("short").isEmpty());
  }

  @Test
  void aRoleIsNeededAndTheAnswerNamesIt() {
    Request approve =
        new Request("POST", "/api/v1/baselines/a/1/approval", "localhost", null, null, false);
    for (Role role : Role.values()) {
      Caller caller = new Caller("alice", Caller.Means.TOKEN, Set.of(role));
      Gate.Answer answer = OPEN.answer(approve, new Gate.Somebody(caller));
      assertEquals(role == Role.APPROVER ? 0 : 403, status(answer), role.wireName());
      if (role != Role.APPROVER) {
        String detail = answer.refused().orElseThrow().detail();
        assertTrue(detail.contains("the role approver"), detail);
        assertTrue(detail.contains("alice has " + role.wireName()), detail);
      }
    }
  }

  @Test
  void anonymousReadersOnLoopbackAreViewersAndNoMore() {
    assertEquals(401, status(LOOPBACK, "GET", "/api/v1/audit", "localhost", null));
    assertEquals(401, status(LOOPBACK, "GET", "/api/v1/tokens", "localhost", null));
    assertEquals(0, status(LOOPBACK, "GET", "/api/v1/hosts", "localhost", null));
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
    return status(gate, new Request(method, path, host, authorisation, null, false));
  }

  private static int status(Gate gate, Request request) {
    Optional<Problem> address = gate.refuseAddress(request);
    if (address.isPresent()) {
      return address.get().status();
    }
    return Gate.isOpen(request) ? 0 : status(gate.answer(request, who(request)));
  }

  private static int status(Gate.Answer answer) {
    return answer.refused().map(Problem::status).orElse(0);
  }

  private static Gate.Who who(Request request) {
    Optional<String> given = Gate.given(request);
    if (given.isEmpty()) {
      return new Gate.Nobody();
    }
    return TOKEN.is(given.get())
        ? new Gate.Somebody(EVERYTHING)
        : new Gate.Stranger("That is not the token.");
  }
}
