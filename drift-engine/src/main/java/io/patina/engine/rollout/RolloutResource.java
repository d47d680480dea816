package io.patina.engine.rollout;

import io.patina.engine.access.Caller;
import io.patina.engine.access.CurrentCaller;
import io.patina.engine.life.Refused;
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
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A baseline's way to its hosts, wave by wave. */
@Path("/api/v1/baselines/{name}/{version}/rollout")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "baselines", description = "What hosts should be")
public class RolloutResource {

  private static final Logger LOG = Logger.getLogger(RolloutResource.class);
  private static final int LONGEST = 1000;

  private final Rollouts rollouts;
  private final CurrentCaller caller;

  RolloutResource(Rollouts rollouts, CurrentCaller caller) {
    this.rollouts = rollouts;
    this.caller = caller;
  }

  /**
   * A wave.
   *
   * @param percent 1 to 100, those of the waves before among them, more than theirs
   * @param labels assigned labels; either these or percent
   * @param within how long its hosts have, ISO 8601 such as {@code PT24H}, one second to 365 days
   */
  public record AskedWave(
      @Nullable Integer percent, @Nullable Map<String, String> labels, @Nullable String within) {}

  /**
   * A rollout.
   *
   * @param reason for the audit history, 1 to 1000 characters
   * @param waves 1 to 100
   * @param byItself whether the next wave follows by itself once all hosts of the reached ones are
   *     as the new version says; no if not given
   */
  public record Asked(
      @Nullable String reason, @Nullable List<AskedWave> waves, @Nullable Boolean byItself) {}

  /**
   * Why a step is taken.
   *
   * @param reason for the audit history, 1 to 1000 characters
   */
  public record Because(@Nullable String reason) {}

  @GET
  @Operation(summary = "How the latest rollout of a baseline stands: waves, hosts, deadlines")
  public RolloutView status(@PathParam("name") String name, @PathParam("version") String version)
      throws SQLException {
    return rollouts
        .of(name, version)
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("No rollout of such a baseline exists.")));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Hold hosts against an approved baseline wave by wave",
      description =
          "The first wave is reached at once. Until it is finished the version before is active, and"
              + " a host of a reached wave may be of either, wholly.")
  @SecurityRequirement(name = "token")
  public RolloutView start(
      @PathParam("name") String name, @PathParam("version") String version, @Nullable Asked asked)
      throws SQLException {
    Caller by = caller.get();
    String why = reason(asked == null ? null : asked.reason());
    Plan plan = plan(asked);
    answer(rollouts.start(name, version, plan, by.decider(), why), by);
    log("start", name, version, by);
    return status(name, version);
  }

  @POST
  @Path("/{turn}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "A step of a rollout that goes on: advance, pause, resume, rollback or finish",
      description =
          "advance: the next wave is reached. pause: no deadline runs and no wave follows. rollback:"
              + " the version before is the only one. finish: this version is, for all hosts that it"
              + " selects.")
  @SecurityRequirement(name = "token")
  public RolloutView turn(
      @PathParam("name") String name,
      @PathParam("version") String version,
      @PathParam("turn") String turn,
      @Nullable Because because)
      throws SQLException {
    Caller by = caller.get();
    Rollouts.Turn which = named(turn);
    String why = reason(because == null ? null : because.reason());
    answer(rollouts.take(which, name, version, by.decider(), why), by);
    log(turn, name, version, by);
    return status(name, version);
  }

  private static void answer(Rollouts.Outcome outcome, Caller by) {
    switch (outcome) {
      case Rollouts.Done() -> {}
      case Rollouts.NotNow(String why) -> throw new ProblemException(Problem.conflict(why));
      case Rollouts.Refused refused ->
          throw new ProblemException(Refused.problem(refused.why(), refused.step(), by.subject()));
    }
  }

  private static Rollouts.Turn named(String turn) {
    for (Rollouts.Turn t : Rollouts.Turn.values()) {
      if (t.name().toLowerCase(Locale.ROOT).equals(turn)) {
        return t;
      }
    }
    throw new ProblemException(
        Problem.notFound("A rollout has the steps advance, pause, resume, rollback, finish."));
  }

  private static Plan plan(@Nullable Asked asked) {
    List<Plan.Asked> waves = new ArrayList<>();
    for (AskedWave w :
        asked == null || asked.waves() == null ? List.<AskedWave>of() : asked.waves()) {
      waves.add(
          new Plan.Asked(
              w.percent() == null ? OptionalInt.empty() : OptionalInt.of(w.percent()),
              w.labels() == null ? Map.of() : w.labels(),
              within(w.within())));
    }
    try {
      return Plan.of(waves, asked != null && Boolean.TRUE.equals(asked.byItself()));
    } catch (Plan.Unusable e) {
      throw new ProblemException(Problem.badRequest(String.valueOf(e.getMessage())));
    }
  }

  private static Duration within(@Nullable String text) {
    try {
      return text == null ? Duration.ZERO : Duration.parse(text);
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  private static String reason(@Nullable String given) {
    String reason = given == null ? "" : given.strip();
    if (reason.isEmpty() || reason.length() > LONGEST || reason.indexOf('\0') >= 0) {
      throw new ProblemException(
          Problem.badRequest("Say why: {\"reason\": \"...\"}, 1 to " + LONGEST + " characters."));
    }
    return reason;
  }

  private static void log(String what, String name, String version, Caller by) {
    LOG.infof(
        "rollout-%s name=%s version=%s by=%s",
        what, Escaped.text(name), Escaped.text(version), Escaped.text(by.subject()));
  }
}
