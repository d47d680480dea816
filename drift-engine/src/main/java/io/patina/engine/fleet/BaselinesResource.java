package io.patina.engine.fleet;

import io.patina.engine.access.CurrentCaller;
import io.patina.engine.catalogue.BaselineIntake;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Golden baselines. */
@Path("/api/v1/baselines")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "baselines", description = "What hosts should be")
@SecurityScheme(
    securitySchemeName = "token",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description =
        "A token that POST /api/v1/tokens made, one of the identity provider, or the content of the"
            + " file that PATINA_ACCESS_TOKEN_FILE names")
public class BaselinesResource {

  private final Baselines baselines;
  private final BaselineIntake intake;
  private final CurrentCaller caller;

  BaselinesResource(Baselines baselines, BaselineIntake intake, CurrentCaller caller) {
    this.baselines = baselines;
    this.intake = intake;
    this.caller = caller;
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

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Hand in a signed baseline",
      description =
          "The body is the DSSE envelope, signed by a trusted key. Who hands it in does not approve"
              + " it. Handing in the same twice is no error.")
  @SecurityRequirement(name = "token")
  public Baselines.View handIn(String envelope) throws SQLException {
    return switch (intake.take(envelope, Optional.of(caller.get().decider()))) {
      case BaselineIntake.Kept(String name, String version) -> baseline(name, version);
      case BaselineIntake.Refused(String reason) ->
          throw new ProblemException(
              Problem.ofStatus(422, "The baseline is refused: " + reason + "."));
    };
  }
}
