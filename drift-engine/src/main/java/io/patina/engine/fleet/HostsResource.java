package io.patina.engine.fleet;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The fleet and its hosts. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet", description = "What is known of hosts, read only")
public class HostsResource {

  private final FleetCounts counts;
  private final Hosts hosts;
  private final Deviations deviations;
  private final Shared shared;
  private final Timeline timeline;

  HostsResource(
      FleetCounts counts, Hosts hosts, Deviations deviations, Shared shared, Timeline timeline) {
    this.counts = counts;
    this.hosts = hosts;
    this.deviations = deviations;
    this.shared = shared;
    this.timeline = timeline;
  }

  @GET
  @Path("/fleet")
  @Operation(summary = "Hosts counted by verdict, in all and by pool")
  public FleetCounts.Fleet fleet() throws SQLException {
    return counts.fleet();
  }

  @GET
  @Path("/hosts")
  @Operation(
      summary = "Hosts by name",
      description =
          "q is part of a name. next, if there, is the cursor of the next page: pass it with the"
              + " same filters.")
  public Listed<HostView> hosts(
      @QueryParam("verdict") @Nullable String verdict,
      @QueryParam("pool") @Nullable String pool,
      @QueryParam("q") @Nullable String q,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @DefaultValue("100") int limit)
      throws SQLException {
    return hosts.list(Requests.filter(verdict, pool, q), Requests.limit(limit), cursor);
  }

  @GET
  @Path("/hosts/{id}")
  @Operation(summary = "One host")
  public HostView host(@PathParam("id") String id) throws SQLException {
    return known(Requests.host(id));
  }

  @GET
  @Path("/hosts/{id}/deviations")
  @Operation(summary = "Deviations of a host, latest onset first", description = "state: open, all")
  public Listed<DeviationView> deviations(
      @PathParam("id") String id,
      @QueryParam("state") @DefaultValue("open") String state,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @DefaultValue("100") int limit)
      throws SQLException {
    UUID host = UUID.fromString(known(Requests.host(id)).id());
    return deviations.list(host, Requests.openOnly(state), Requests.limit(limit), cursor);
  }

  @GET
  @Path("/hosts/{id}/shared")
  @Operation(
      summary = "Deviations of a host that are kept once for all hosts that have them",
      description =
          "Where one comparison finds more deviations than a host has rows for, they are a set: one"
              + " interval for all. state: open, all")
  public Listed<SharedView> shared(
      @PathParam("id") String id,
      @QueryParam("state") @DefaultValue("open") String state,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @DefaultValue("100") int limit)
      throws SQLException {
    UUID host = UUID.fromString(known(Requests.host(id)).id());
    return shared.list(host, Requests.openOnly(state), Requests.limit(limit), cursor);
  }

  @GET
  @Path("/hosts/{id}/shared/{share}/deviations")
  @Operation(summary = "What is in one of them, by key")
  public Listed<DeviationView> sharedDeviations(
      @PathParam("id") String id,
      @PathParam("share") String share,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @DefaultValue("100") int limit)
      throws SQLException {
    UUID host = UUID.fromString(known(Requests.host(id)).id());
    UUID part =
        Hosts.uuid(share)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.notFound("The host has no shared deviations of this id.")));
    return shared.deviations(host, part, Requests.limit(limit), cursor);
  }

  @GET
  @Path("/hosts/{id}/timeline")
  @Operation(summary = "What happened to a host, latest first")
  public Listed<Timeline.Event> timeline(
      @PathParam("id") String id,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @DefaultValue("100") int limit)
      throws SQLException {
    UUID host = UUID.fromString(known(Requests.host(id)).id());
    return timeline.list(host, Requests.limit(limit), cursor);
  }

  private HostView known(UUID id) throws SQLException {
    return hosts
        .host(id)
        .orElseThrow(() -> new ProblemException(Problem.notFound("No host has this id.")));
  }
}
