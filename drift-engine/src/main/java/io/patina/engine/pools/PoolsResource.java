package io.patina.engine.pools;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Pools judged as a whole. */
@Path("/api/v1/pools/{pool}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet")
public class PoolsResource {

  private final Pools pools;
  private final Outliers outliers;

  PoolsResource(Pools pools, Outliers outliers) {
    this.pools = pools;
    this.outliers = outliers;
  }

  @GET
  @Operation(
      summary = "One pool: in how many ways its hosts differ, what separates them",
      description =
          "By what they are held against; hosts that drift again after a reimage; whether so much"
              + " turned together that the baseline is the suspect.")
  public PoolView pool(@PathParam("pool") String pool) throws SQLException {
    return pools
        .pool(pool)
        .orElseThrow(() -> new ProblemException(Problem.notFound("No host is in this pool.")));
  }

  @GET
  @Path("/outliers")
  @Operation(
      summary = "Who stands apart among hosts that no baseline selects",
      description =
          "Compares up to 20 of them with each other, fact by fact: what 90 % of them have alike is"
              + " what is expected; fewer where their manifests are large. One such question at a"
              + " time.")
  public Outliers.View outliers(@PathParam("pool") String pool) throws SQLException {
    return outliers.of(pool);
  }
}
