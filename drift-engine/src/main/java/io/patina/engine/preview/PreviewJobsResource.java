package io.patina.engine.preview;

import io.patina.engine.access.CurrentCaller;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Previews in the background: how far they are. */
@Path("/api/v1/previews/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "baselines", description = "What hosts should be")
public class PreviewJobsResource {

  private final PreviewJobs jobs;
  private final CurrentCaller caller;

  PreviewJobsResource(PreviewJobs jobs, CurrentCaller caller) {
    this.jobs = jobs;
    this.caller = caller;
  }

  @GET
  @Operation(
      summary = "How far a preview is, and what it found",
      description = "Kept for a day. state is waiting, running, done, cancelled or failed.")
  public PreviewJob job(@PathParam("id") UUID id) throws SQLException {
    return jobs.find(id)
        .orElseThrow(() -> new ProblemException(Problem.notFound("No preview has this id.")));
  }

  @DELETE
  @Operation(summary = "Cancel a preview; what has been examined by then is its result")
  @SecurityRequirement(name = "token")
  public PreviewJob cancel(@PathParam("id") UUID id) throws SQLException {
    jobs.cancel(id, caller.get().decider());
    return job(id);
  }
}
