package io.patina.engine.preview;

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
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What would change if a baseline were active now. */
@Path("/api/v1/baselines/{name}/{version}/preview")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "baselines", description = "What hosts should be")
public class PreviewResource {

  private static final int MOST_PER_POOL = 500;
  private static final Duration TIME = Duration.ofSeconds(20);

  private final Preview preview;

  PreviewResource(Preview preview) {
    this.preview = preview;
  }

  @GET
  @Operation(
      summary = "Verdicts per pool if a baseline were active now",
      description =
          "From stored facts; nothing is written. sample: hosts of each pool, 1 to 500; at most 1000"
              + " in all and no further one after 20 s. note says if not all were examined.")
  public Foreseen preview(
      @PathParam("name") String name,
      @PathParam("version") String version,
      @QueryParam("sample") @DefaultValue("50") int sample)
      throws SQLException {
    if (sample < 1 || sample > MOST_PER_POOL) {
      throw new ProblemException(
          Problem.badRequest("sample is 1 to " + MOST_PER_POOL + " hosts of each pool."));
    }
    return switch (preview.of(name, version, new Preview.Bounds(sample, TIME))) {
      case Preview.Seen(Foreseen foreseen) -> foreseen;
      case Preview.Busy() ->
          throw new ProblemException(
              Problem.ofStatus(429, "Another preview is under way. Ask again in a moment."));
      case Preview.Unknown() ->
          throw new ProblemException(
              Problem.notFound("No trusted baseline has this name and version."));
      case Preview.ManifestMissing m ->
          throw new ProblemException(
              Problem.conflict(
                  "Its manifest "
                      + m.manifest()
                      + " is in no configured store yet. Put it there and ask again."));
    };
  }
}
