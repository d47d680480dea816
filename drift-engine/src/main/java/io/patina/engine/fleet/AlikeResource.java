package io.patina.engine.fleet;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Baselines that most hosts of a pool deviate from in the same way. */
@Path("/api/v1/baselines/stale")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "baselines", description = "What hosts should be")
public class AlikeResource {

  private final Alike alike;

  AlikeResource(Alike alike) {
    this.alike = alike;
  }

  @GET
  @Operation(
      summary = "Where most hosts of a pool deviate from their baseline in the same way",
      description =
          "By drift signature. share: percent of the hosts of a pool that are held against the"
              + " baseline, 1 to 100. At most 100, the largest share first. Looks at every host: not"
              + " for asking each second.")
  public List<Alike.View> list(@QueryParam("share") @DefaultValue("50") int share)
      throws SQLException {
    if (share < 1 || share > 100) {
      throw new ProblemException(Problem.badRequest("share is 1 to 100 percent."));
    }
    return alike.list(share, null, null);
  }
}
