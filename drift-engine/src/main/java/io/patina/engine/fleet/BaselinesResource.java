package io.patina.engine.fleet;

import io.patina.engine.catalogue.Approvals;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.facts.Escaped;
import io.patina.manifest.Digest;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Golden baselines. */
@Path("/api/v1/baselines")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "baselines", description = "What hosts should be")
@SecurityScheme(
    securitySchemeName = "token",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description = "The content of the file that PATINA_ACCESS_TOKEN_FILE names")
public class BaselinesResource {

  private static final Logger LOG = Logger.getLogger(BaselinesResource.class);
  private static final int LONGEST_APPROVER = 200;

  private final Baselines baselines;
  private final Approvals approvals;

  BaselinesResource(Baselines baselines, Approvals approvals) {
    this.baselines = baselines;
    this.approvals = approvals;
  }

  /**
   * An approval.
   *
   * @param approver who approves, for people; the token is what was checked
   */
  public record Approval(@Nullable String approver) {}

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
  @Path("/{name}/{version}/approval")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Approve a draft",
      description = "Hosts that it selects are compared with it within seconds.")
  @SecurityRequirement(name = "token")
  public Baselines.View approve(
      @PathParam("name") String name,
      @PathParam("version") String version,
      @Nullable Approval approval)
      throws SQLException {
    Baselines.View view = baseline(name, version);
    String approver = approver(approval);
    return switch (approvals.approve(Digest.ofHex(view.statement()), approver)) {
      case APPROVED -> {
        // The name is the caller's own word: kept with the baseline, escaped in the log.
        LOG.infof(
            "baseline-approved name=%s version=%s by=%s", name, version, Escaped.text(approver));
        yield baseline(name, version);
      }
      case UNKNOWN ->
          throw new ProblemException(Problem.notFound("No baseline has this name and version."));
      case NOT_A_DRAFT ->
          throw new ProblemException(
              Problem.conflict("Only a draft can be approved; this one is " + view.state() + "."));
      case MANIFEST_MISSING ->
          throw new ProblemException(
              Problem.conflict(
                  "Its manifest "
                      + view.manifest()
                      + " is in no configured store yet. Put it there and ask again."));
    };
  }

  private static String approver(@Nullable Approval approval) {
    String approver = approval == null ? null : approval.approver();
    if (approver == null || approver.isBlank()) {
      throw new ProblemException(Problem.badRequest("Say who approves: {\"approver\": \"...\"}."));
    }
    if (approver.length() > LONGEST_APPROVER || approver.indexOf('\0') >= 0) {
      throw new ProblemException(
          Problem.badRequest("approver is text of at most " + LONGEST_APPROVER + " characters."));
    }
    return approver;
  }
}
