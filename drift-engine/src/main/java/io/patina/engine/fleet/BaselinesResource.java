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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Golden baselines. */
@Path("/api/v1/baselines")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "baselines", description = "What hosts should be")
public class BaselinesResource {

  private final Baselines baselines;

  BaselinesResource(Baselines baselines) {
    this.baselines = baselines;
  }

  @GET
  @Operation(summary = "Golden baselines by name and version")
  public Listed<Baselines.View> list(
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @DefaultValue("100") int limit)
      throws SQLException {
    return baselines.list(Requests.limit(limit), cursor);
  }

  @GET
  @Path("/{name}/{version}")
  @Operation(summary = "One golden baseline, with what its signed statement says")
  public Baselines.View baseline(
      @PathParam("name") String name, @PathParam("version") String version) throws SQLException {
    return baselines
        .baseline(name, version)
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("No baseline has this name and version.")));
  }
}
