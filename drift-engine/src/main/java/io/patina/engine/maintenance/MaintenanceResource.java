package io.patina.engine.maintenance;

import io.patina.engine.access.Caller;
import io.patina.engine.access.CurrentCaller;
import io.patina.engine.decisions.Because;
import io.patina.engine.decisions.Extent;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.facts.Escaped;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Times in which what happens to hosts is recorded and not told. */
@Path("/api/v1/maintenances")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "decisions", description = "What people decide of hosts")
public class MaintenanceResource {

  private static final Logger LOG = Logger.getLogger(MaintenanceResource.class);

  private final Maintenances maintenances;
  private final CurrentCaller caller;

  MaintenanceResource(Maintenances maintenances, CurrentCaller caller) {
    this.maintenances = maintenances;
    this.caller = caller;
  }

  /**
   * What is begun.
   *
   * @param host id of the only host; {@code pool} and {@code labels} (assigned ones) likewise; one
   *     of the three must be there
   * @param until within 30 days
   * @param reason 1 to 1000 characters
   * @param ticket at most 200 characters; may be left out
   */
  public record Begin(
      @Nullable String host,
      @Nullable String pool,
      @Nullable Map<String, String> labels,
      @Nullable Instant until,
      @Nullable String reason,
      @Nullable String ticket) {}

  /**
   * Why it ends.
   *
   * @param reason 1 to 1000 characters
   */
  public record Why(@Nullable String reason) {}

  /** Maintenances. */
  public record Listed(List<MaintenanceView> items) {}

  @GET
  @Operation(
      summary = "Maintenances that last, the first to end first",
      description = "state: lasting, all")
  public Listed list(@QueryParam("state") @DefaultValue("lasting") String state)
      throws SQLException {
    if (!state.equals("lasting") && !state.equals("all")) {
      throw new ProblemException(Problem.badRequest("state is lasting or all."));
    }
    Instant now = maintenances.now();
    return new Listed(
        maintenances.list(state.equals("all")).stream()
            .map(m -> MaintenanceView.from(m, now))
            .toList());
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Begin a maintenance",
      description =
          "What happens to these hosts is recorded and not told. What is still so at its end is told"
              + " then, once for each host.")
  @SecurityRequirement(name = "token")
  public MaintenanceView begin(@Nullable Begin wanted) throws SQLException {
    Instant until = wanted == null ? null : wanted.until();
    if (wanted == null || until == null) {
      throw new ProblemException(
          Problem.badRequest(
              "Say which hosts, until when and why: {\"pool\": \"web\", \"until\":"
                  + " \"2026-11-25T22:00:00Z\", \"reason\": \"...\"}."));
    }
    Caller by = caller.get();
    Maintenance m =
        maintenances.begin(
            Extent.of(wanted.host(), wanted.pool(), wanted.labels()),
            until,
            Because.reason(wanted.reason()),
            Because.name("ticket", wanted.ticket()),
            by.decider());
    return told("begun", m, by);
  }

  @POST
  @Path("/{id}/end")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "End a maintenance before its time")
  @SecurityRequirement(name = "token")
  public MaintenanceView end(@PathParam("id") String id, @Nullable Why why) throws SQLException {
    Caller by = caller.get();
    String reason = Because.reason(why == null ? null : why.reason());
    return told("ended", maintenances.end(id(id), by.decider(), reason), by);
  }

  private MaintenanceView told(String step, Maintenance m, Caller by) {
    LOG.infof("maintenance-%s id=%s by=%s", step, m.id(), Escaped.text(by.subject()));
    return MaintenanceView.from(m, maintenances.now());
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Problem.notFound("No maintenance has this id."));
    }
  }
}
