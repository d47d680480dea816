package io.patina.engine.enrolment;

import io.patina.engine.access.CurrentCaller;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Installations, and what persons decide about them and about hosts. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "enrolment", description = "Who may speak for which host")
public class InstallationsResource {

  private final Identities identities;
  private final Decisions decisions;
  private final CurrentCaller caller;

  InstallationsResource(Identities identities, Decisions decisions, CurrentCaller caller) {
    this.identities = identities;
    this.decisions = decisions;
    this.caller = caller;
  }

  /** Why, for the audit history. */
  public record Because(@Nullable String reason) {}

  /**
   * Where a host is to be.
   *
   * @param labels to be assigned
   */
  public record Placing(
      @Nullable String pool,
      @Nullable Map<String, @Nullable String> labels,
      @Nullable String reason) {}

  /**
   * That somebody who knocks is let in.
   *
   * @param key name of its key, as the list has it and as the host's administrator confirms it
   * @param host that it is the next life of; one of its own if not given
   */
  public record Letting(
      @Nullable String key,
      @Nullable String host,
      @Nullable String pool,
      @Nullable Map<String, @Nullable String> labels,
      @Nullable String reason) {}

  /** Which host an installation is the next life of. */
  public record Joining(@Nullable String host, @Nullable String reason) {}

  /** Installations. */
  public record Lives(List<Identities.Life> items) {}

  /**
   * Those who knock.
   *
   * @param count all of them; {@code items} are the last 500 heard
   */
  public record Knockers(long count, List<Identities.Knocking> items) {}

  /** What was decided. */
  public record Decided(String installation, String state) {}

  @GET
  @Path("/hosts/{id}/installations")
  @Operation(summary = "The lives of a host, the latest first")
  public Lives lives(@PathParam("id") UUID id) throws SQLException {
    List<Identities.Life> lives = identities.lives(id);
    if (lives.isEmpty()) {
      throw new ProblemException(Problem.notFound("No host has this id."));
    }
    return new Lives(lives);
  }

  @GET
  @Path("/installations/unapproved")
  @Operation(
      summary = "Installations whose key was pinned at first use and that nobody has approved",
      description = "They count in no pool. At most 500, the latest first.")
  public Lives unapproved() throws SQLException {
    return new Lives(identities.unapproved());
  }

  @GET
  @Path("/knocking")
  @Operation(
      summary = "Installations that report and are not let in",
      description = "Nothing that they report is taken. At most 500, the last heard first.")
  public Knockers knocking() throws SQLException {
    return new Knockers(identities.waiting().knocking(), identities.knocking());
  }

  @POST
  @Path("/knocking/{installation}/admission")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Let an installation in that knocks",
      description =
          "With its next report within 7 days, under the key given and no other; its facts come with"
              + " its next complete snapshot.")
  @SecurityRequirement(name = "token")
  public Decided admit(@PathParam("installation") UUID id, @Nullable Letting letting)
      throws SQLException {
    Letting l = letting == null ? new Letting(null, null, null, null, null) : letting;
    return decided(
        id,
        "admitted",
        decisions.admit(
            id,
            Bodies.text("key", l.key()),
            Bodies.id("host", l.host()),
            Bodies.place(l.pool(), l.labels()),
            because(l.reason())));
  }

  @DELETE
  @Path("/knocking/{installation}/admission")
  @Operation(summary = "Take back that an installation is let in that has not come yet")
  @SecurityRequirement(name = "token")
  public void withdraw(@PathParam("installation") UUID id) throws SQLException {
    var unused = decided(id, "withdrawn", decisions.withdraw(id, caller.get().decider()));
  }

  @POST
  @Path("/installations/{installation}/approval")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Approve an installation whose key was pinned at first use",
      description = "Its host counts in its pool from then on.")
  @SecurityRequirement(name = "token")
  public Decided approve(@PathParam("installation") UUID id, @Nullable Placing placing)
      throws SQLException {
    Placing p = placing == null ? new Placing(null, null, null) : placing;
    return decided(
        id,
        "approved",
        decisions.approve(id, Bodies.place(p.pool(), p.labels()), because(p.reason())));
  }

  @POST
  @Path("/installations/{installation}/revocation")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Revoke an installation for good",
      description = "From its next report on nothing of it is taken.")
  @SecurityRequirement(name = "token")
  public Decided revoke(@PathParam("installation") UUID id, @Nullable Because because)
      throws SQLException {
    return decided(
        id, "revoked", decisions.revoke(id, because(because == null ? null : because.reason())));
  }

  @POST
  @Path("/installations/{installation}/join")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Say that an installation is the next life of a host",
      description = "As after a reimage. The lives that the host had before count no more.")
  @SecurityRequirement(name = "token")
  public Decided join(@PathParam("installation") UUID id, @Nullable Joining joining)
      throws SQLException {
    Joining j = joining == null ? new Joining(null, null) : joining;
    UUID host =
        Bodies.id("host", j.host())
            .orElseThrow(() -> Bodies.bad("Say which host: {\"host\": \"UUID\"}."));
    return decided(id, "joined", decisions.join(id, host, because(j.reason())));
  }

  @PUT
  @Path("/hosts/{id}/labels")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Assign labels to a host, instead of those that it has, and its pool",
      description = "Which baseline applies is asked again at once.")
  @SecurityRequirement(name = "token")
  public void assign(@PathParam("id") UUID id, @Nullable Placing placing) throws SQLException {
    if (placing == null || placing.labels() == null) {
      throw Bodies.bad("Say which: {\"labels\": {\"name\": \"value\"}, \"reason\": \"...\"}.");
    }
    var unused =
        decided(
            id,
            "assigned",
            decisions.assign(
                id, Bodies.place(placing.pool(), placing.labels()), because(placing.reason())));
  }

  private Decisions.Reason because(@Nullable String reason) {
    return new Decisions.Reason(caller.get().decider(), Bodies.reason(reason));
  }

  private static Decided decided(UUID id, String state, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> new Decided(id.toString(), state);
      case Outcome.Unknown(String what) -> throw new ProblemException(Problem.notFound(what));
      case Outcome.Impossible(String why) -> throw new ProblemException(Problem.conflict(why));
    };
  }
}
