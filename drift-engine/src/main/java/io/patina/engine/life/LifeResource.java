package io.patina.engine.life;

import io.patina.engine.access.Caller;
import io.patina.engine.access.CurrentCaller;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.facts.Escaped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The steps of a baseline's life. */
@Path("/api/v1/baselines")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "baselines", description = "What hosts should be")
public class LifeResource {

  private static final Logger LOG = Logger.getLogger(LifeResource.class);
  private static final int LONGEST = 1000;
  private static final int MOST_PRECEDENCE = 1_000_000;

  private final Life life;
  private final Lives lives;
  private final CurrentCaller caller;

  LifeResource(Life life, Lives lives, CurrentCaller caller) {
    this.life = life;
    this.lives = lives;
    this.caller = caller;
  }

  /**
   * Why a step is taken.
   *
   * @param reason for the audit history, 1 to 1000 characters
   * @param precedence on approval: which baseline goes first where several select a host, 0 to
   *     1000000; the selector's own if not given: 1 for each label, 1000 for an installation
   */
  public record Because(@Nullable String reason, @Nullable Integer precedence) {}

  @GET
  @Path("/{name}/{version}/life")
  @Operation(
      summary = "The life of a baseline: who did what, when and why, and what is possible now")
  public Lives.View life(@PathParam("name") String name, @PathParam("version") String version)
      throws SQLException {
    return lives.of(name, version).orElseThrow(LifeResource::unknown);
  }

  @POST
  @Path("/{name}/{version}/approval")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Approve a draft",
      description =
          "Refused to its author, and if other baselines are as much for the same hosts. No host is"
              + " held against it before its activation.")
  @SecurityRequirement(name = "token")
  public Lives.View approve(
      @PathParam("name") String name,
      @PathParam("version") String version,
      @Nullable Because because)
      throws SQLException {
    return take(Step.APPROVE, name, version, because);
  }

  @POST
  @Path("/{name}/{version}/activation")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Hold all hosts that it selects against an approved or superseded baseline",
      description =
          "Within seconds. The active version of the same name is superseded. Activating an older"
              + " version is how to go back.")
  @SecurityRequirement(name = "token")
  public Lives.View activate(
      @PathParam("name") String name,
      @PathParam("version") String version,
      @Nullable Because because)
      throws SQLException {
    return take(Step.ACTIVATE, name, version, because);
  }

  @POST
  @Path("/{name}/{version}/retirement")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Withdraw a baseline for good")
  @SecurityRequirement(name = "token")
  public Lives.View retire(
      @PathParam("name") String name,
      @PathParam("version") String version,
      @Nullable Because because)
      throws SQLException {
    return take(Step.RETIRE, name, version, because);
  }

  private Lives.View take(Step step, String name, String version, @Nullable Because because)
      throws SQLException {
    Caller by = caller.get();
    Life.Wish wish = new Life.Wish(step, by.decider(), reason(because), precedence(step, because));
    Life.Outcome outcome = life.take(name, version, wish);
    if (!(outcome instanceof Life.Done)) {
      throw new ProblemException(Refused.problem(outcome, step, by.subject()));
    }
    LOG.infof(
        "baseline-%s name=%s version=%s by=%s",
        step.action(), Escaped.text(name), Escaped.text(version), Escaped.text(by.subject()));
    return life(name, version);
  }

  private static String reason(@Nullable Because because) {
    String reason = because == null || because.reason() == null ? "" : because.reason().strip();
    if (reason.isEmpty() || reason.length() > LONGEST || reason.indexOf('\0') >= 0) {
      throw bad("Say why: {\"reason\": \"...\"}, 1 to " + LONGEST + " characters.");
    }
    return reason;
  }

  private static Optional<Integer> precedence(Step step, @Nullable Because because) {
    Integer given = because == null ? null : because.precedence();
    if (given != null && step != Step.APPROVE) {
      throw bad("precedence is given with the approval.");
    }
    if (given != null && (given < 0 || given > MOST_PRECEDENCE)) {
      throw bad("precedence is 0 to " + MOST_PRECEDENCE + ".");
    }
    return Optional.ofNullable(given);
  }

  private static ProblemException unknown() {
    return new ProblemException(Refused.unknown());
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.badRequest(detail));
  }
}
