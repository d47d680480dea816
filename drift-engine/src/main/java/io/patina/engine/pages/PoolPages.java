package io.patina.engine.pages;

import io.patina.engine.pools.Pools;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.sql.SQLException;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Pages of pools. */
@Path("/pools/{pool}")
@Produces("text/html; charset=utf-8")
public class PoolPages {

  private final Pools pools;
  private final Written written;

  PoolPages(Pools pools, Written written) {
    this.pools = pools;
    this.written = written;
  }

  @GET
  @Operation(hidden = true)
  public String pool(@PathParam("pool") String pool) throws SQLException {
    return written.page(
        "pool",
        PoolPage.from(
            pools
                .pool(pool)
                .orElseThrow(
                    () -> new ProblemException(Problem.notFound("No host is in this pool."))),
            Instant.now()));
  }
}
