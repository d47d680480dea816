package io.patina.engine.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.engine.problems.Problem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Puts the gate and the security headers before every route of the HTTP server. */
@Singleton
public class GateFilter {

  private static final Logger LOG = Logger.getLogger(GateFilter.class);

  /** Before everything: routes of the framework begin far below. */
  private static final int FIRST = 10_000;

  /** No inline script, no inline style, nothing from elsewhere, no frame around it. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Gate gate;
  private final Identities identities;

  GateFilter(
      AccessConfig config,
      Identities identities,
      @ConfigProperty(name = "quarkus.http.host") String boundTo) {
    this.gate = new Gate(isLoopback(boundTo), config.hosts());
    this.identities = identities;
  }

  void register(@Observes Filters filters) {
    filters.register(this::pass, FIRST);
  }

  private void pass(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin");
    String path = request.path() == null ? "" : request.path();
    if (!path.startsWith("/assets/")) {
      response.putHeader("Cache-Control", "no-store");
    }
    Gate.Request asked =
        new Gate.Request(
            request.method().name(),
            path,
            request.authority() == null ? null : request.authority().toString(),
            request.getHeader("Authorization"),
            request.getHeader("Sec-Fetch-Site"),
            request.headers().contains("Forwarded")
                || request.headers().contains("X-Forwarded-For"));
    Optional<Problem> refused = gate.refuseAddress(asked);
    if (refused.isPresent()) {
      refuse(response, refused.get().at(path));
      return;
    }
    if (Gate.isOpen(asked)) {
      context.next();
      return;
    }
    identities
        .of(Gate.given(asked), context.vertx())
        .onComplete(
            who -> answer(context, asked, who),
            failure -> {
              LOG.warnf("token-unverified path=%s reason=%s", path, failure.getMessage());
              refuse(response, Problem.databaseAway().at(path));
            });
  }

  private void answer(RoutingContext context, Gate.Request asked, Gate.Who who) {
    Gate.Answer answer = gate.answer(asked, who);
    if (answer.refused().isPresent()) {
      refuse(context.response(), answer.refused().get().at(asked.path()));
      return;
    }
    context.put(Caller.KEY, answer.caller());
    context.next();
  }

  private static void refuse(HttpServerResponse response, Problem problem) {
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer realm=\"Patina\"");
      response.headers().add("WWW-Authenticate", "Basic realm=\"Patina, token as password\"");
    }
    try {
      response
          .setStatusCode(problem.status())
          .putHeader("Content-Type", Problem.MEDIA_TYPE)
          .end(JSON.writeValueAsString(problem));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is always JSON", e);
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // The server will not come up on it either; until then nothing is open to reading.
      return false;
    }
  }
}
