package io.patina.engine.fleet;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What was so, and what nobody saw. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet")
public class HistoryResource {

  private final Hosts hosts;
  private final AsOf asOf;
  private final Unobserved unobserved;
  private final Clock clock;

  HistoryResource(Hosts hosts, AsOf asOf, Unobserved unobserved, Clock clock) {
    this.hosts = hosts;
    this.asOf = asOf;
    this.unobserved = unobserved;
    this.clock = clock;
  }

  @GET
  @Path("/hosts/{id}/as-of")
  @Operation(
      summary = "What was so of a host at a moment",
      description =
          "at is the moment, known leaves out what was recorded later; both are now if not said,"
              + " written as 2026-11-25T12:00:00Z")
  public AsOf.Answer asOf(
      @PathParam("id") String id,
      @QueryParam("at") @Nullable String at,
      @QueryParam("known") @Nullable String known)
      throws SQLException {
    UUID host = known(id);
    return asOf.of(
        host,
        Requests.moment("at", at, clock.instant()),
        Requests.moment("known", known, clock.instant()));
  }

  @GET
  @Path("/hosts/{id}/unobserved")
  @Operation(
      summary = "When a host was not observed, latest first",
      description = "known leaves out what was recorded later")
  public Listed<UnobservedTimes.Interval> unobserved(
      @PathParam("id") String id, @QueryParam("known") @Nullable String known) throws SQLException {
    UUID host = known(id);
    List<UnobservedTimes.Interval> all =
        unobserved.list(host, Requests.moment("known", known, clock.instant()));
    return new Listed<>(all, null);
  }

  private UUID known(String id) throws SQLException {
    UUID host = Requests.host(id);
    return hosts
        .host(host)
        .map(h -> host)
        .orElseThrow(() -> new ProblemException(Problem.notFound("No host has this id.")));
  }
}
