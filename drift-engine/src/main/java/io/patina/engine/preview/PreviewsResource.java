package io.patina.engine.preview;

import io.patina.engine.access.CurrentCaller;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Begins previews in the background. */
@Path("/api/v1/baselines/{name}/{version}/previews")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "baselines", description = "What hosts should be")
public class PreviewsResource {

  private static final int MOST_PER_POOL = 1_000_000;

  private final PreviewJobs jobs;
  private final CurrentCaller caller;

  PreviewsResource(PreviewJobs jobs, CurrentCaller caller) {
    this.jobs = jobs;
    this.caller = caller;
  }

  /**
   * What is asked.
   *
   * @param sample hosts of each pool, 1 to 1000000; all of them if not given
   */
  public record Wanted(@Nullable Integer sample) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Begin to foresee verdicts in the background",
      description = "For fleets that take longer than a request. The answer says where to look.")
  @SecurityRequirement(name = "token")
  public Response start(
      @PathParam("name") String name, @PathParam("version") String version, @Nullable Wanted wanted)
      throws SQLException {
    Integer sample = wanted == null ? null : wanted.sample();
    if (sample != null && (sample < 1 || sample > MOST_PER_POOL)) {
      throw new ProblemException(
          Problem.badRequest("sample is 1 to " + MOST_PER_POOL + " hosts of each pool."));
    }
    Optional<UUID> id =
        jobs.start(name, version, sample == null ? MOST_PER_POOL : sample, caller.get().decider());
    if (id.isEmpty()) {
      throw new ProblemException(
          Problem.ofStatus(429, "Too many previews wait already. Ask again later."));
    }
    return Response.accepted(jobs.find(id.get()).orElseThrow())
        .location(URI.create("/api/v1/previews/" + id.get()))
        .build();
  }
}
