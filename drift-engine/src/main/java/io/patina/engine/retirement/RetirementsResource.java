package io.patina.engine.retirement;

import io.patina.engine.access.Caller;
import io.patina.engine.access.CurrentCaller;
import io.patina.engine.decisions.Because;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.facts.Escaped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hosts that are taken out of service. */
@Path("/api/v1/retirements")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "decisions", description = "What people decide of hosts")
public class RetirementsResource {

  private static final Logger LOG = Logger.getLogger(RetirementsResource.class);

  private final Retirements retirements;
  private final CurrentCaller caller;

  RetirementsResource(Retirements retirements, CurrentCaller caller) {
    this.retirements = retirements;
    this.caller = caller;
  }

  /**
   * Which hosts are over.
   *
   * @param hosts ids, 1 to 1000
   * @param reason 1 to 1000 characters
   */
  public record Retire(@Nullable List<String> hosts, @Nullable String reason) {}

  /**
   * What was taken down.
   *
   * @param hosts how many were named
   * @param retired lives of them that end with it; those that were over already are not counted
   */
  public record Answer(int hosts, int retired) {}

  /** Hosts that are retired. */
  public record Listed(List<RetiredHost> items) {}

  @GET
  @Operation(
      summary = "Hosts that are retired, the last one first",
      description = "limit: 1 to 1000")
  public Listed list(@QueryParam("limit") @DefaultValue("100") int limit) throws SQLException {
    if (limit < 1 || limit > Retirements.MOST) {
      throw bad("limit is 1 to " + Retirements.MOST + ".");
    }
    return new Listed(retirements.list(limit));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Retire hosts",
      description =
          "Within seconds; all or none. They raise nothing any more, their history stays. A host"
              + " whose collector starts anew comes back.")
  @SecurityRequirement(name = "token")
  public Answer retire(@Nullable Retire wanted) throws SQLException {
    List<String> named = wanted == null || wanted.hosts() == null ? List.of() : wanted.hosts();
    if (wanted == null || named.isEmpty() || named.size() > Retirements.MOST) {
      throw bad(
          "Say which hosts, and why: {\"hosts\": [\"ID\"], \"reason\": \"...\"}, 1 to "
              + Retirements.MOST
              + " hosts.");
    }
    Set<UUID> hosts = new LinkedHashSet<>();
    named.forEach(h -> hosts.add(id(h)));
    Caller by = caller.get();
    int retired = retirements.retire(hosts, Because.reason(wanted.reason()), by.decider());
    LOG.infof("hosts-retired hosts=%d by=%s", hosts.size(), Escaped.text(by.subject()));
    return new Answer(hosts.size(), retired);
  }

  @SuppressWarnings("NullAway") // JSON gives null where the type says that there is none.
  private static UUID id(String host) {
    try {
      return UUID.fromString(host);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw bad("A host id is a UUID; one of these is none.");
    }
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.badRequest(detail));
  }
}
