package io.patina.engine.waivers;

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
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Exceptions for a time. */
@Path("/api/v1/waivers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "decisions", description = "What people decide of hosts")
public class WaiversResource {

  private static final Logger LOG = Logger.getLogger(WaiversResource.class);

  private final Waivers waivers;
  private final CurrentCaller caller;

  WaiversResource(Waivers waivers, CurrentCaller caller) {
    this.waivers = waivers;
    this.caller = caller;
  }

  /**
   * What somebody asks for.
   *
   * @param facet such as {@code file}
   * @param keys glob over the key, such as {@code /etc/ssh/**}
   * @param expected SHA-256 of the content as it should be; any if left out
   * @param actual SHA-256 of the content as it is; any if left out
   * @param host id of the only host; {@code pool} and {@code labels} (assigned ones) likewise; one
   *     of the three must be there
   * @param reason 1 to 1000 characters
   * @param ticket at most 200 characters; may be left out
   * @param owner who sees to it that it ends; who asks, if left out
   * @param days 1 to 180; 30 if left out, unless configured otherwise
   */
  public record Grant(
      @Nullable String facet,
      @Nullable String keys,
      @Nullable String expected,
      @Nullable String actual,
      @Nullable String host,
      @Nullable String pool,
      @Nullable Map<String, String> labels,
      @Nullable String reason,
      @Nullable String ticket,
      @Nullable String owner,
      @Nullable Integer days) {}

  /**
   * Why a step is taken.
   *
   * @param reason 1 to 1000 characters
   */
  public record Why(@Nullable String reason) {}

  /** Waivers. */
  public record Listed(List<WaiverView> items) {}

  @GET
  @Operation(summary = "Waivers, the first to end first", description = "state: live, all")
  public Listed list(@QueryParam("state") @DefaultValue("live") String state) throws SQLException {
    if (!state.equals("live") && !state.equals("all")) {
      throw new ProblemException(Problem.badRequest("state is live or all."));
    }
    Instant now = waivers.now();
    return new Listed(
        waivers.list(state.equals("all")).stream()
            .map(w -> WaiverView.from(w, now, null))
            .toList());
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "One waiver, with what people did with it")
  public WaiverView one(@PathParam("id") String id) throws SQLException {
    Waiver w = waivers.find(id(id)).orElseThrow(WaiversResource::unknown);
    return WaiverView.from(w, waivers.now(), waivers.history(w.id()));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Ask for a waiver",
      description = "It changes nothing before somebody else than its owner has approved it.")
  @SecurityRequirement(name = "token")
  public WaiverView grant(@Nullable Grant wanted) throws SQLException {
    if (wanted == null || wanted.facet() == null || wanted.keys() == null) {
      throw new ProblemException(
          Problem.badRequest(
              "Say what is waived, where and why: {\"facet\": \"file\", \"keys\": \"/etc/motd\","
                  + " \"pool\": \"web\", \"reason\": \"...\"}."));
    }
    Waivers.Wish wish =
        new Waivers.Wish(
            pattern(wanted.facet(), wanted.keys(), wanted.expected(), wanted.actual()),
            Extent.of(wanted.host(), wanted.pool(), wanted.labels()),
            Because.reason(wanted.reason()),
            Because.name("ticket", wanted.ticket()),
            Because.name("owner", wanted.owner()),
            wanted.days());
    Caller by = caller.get();
    return told("requested", waivers.grant(wish, by.decider()), by);
  }

  @POST
  @Path("/{id}/approval")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Approve a waiver",
      description = "Refused to its owner and to whoever asked for it.")
  @SecurityRequirement(name = "token")
  public WaiverView approve(@PathParam("id") String id, @Nullable Why why) throws SQLException {
    Caller by = caller.get();
    return told("approved", waivers.approve(id(id), by.decider(), reason(why)), by);
  }

  @POST
  @Path("/{id}/revocation")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "End a waiver before its time")
  @SecurityRequirement(name = "token")
  public WaiverView revoke(@PathParam("id") String id, @Nullable Why why) throws SQLException {
    Caller by = caller.get();
    return told("revoked", waivers.revoke(id(id), by.decider(), reason(why)), by);
  }

  private WaiverView told(String step, Waiver w, Caller by) {
    LOG.infof("waiver-%s id=%s by=%s", step, w.id(), Escaped.text(by.subject()));
    return WaiverView.from(w, waivers.now(), null);
  }

  private static Pattern pattern(
      String facet, String keys, @Nullable String expected, @Nullable String actual) {
    try {
      return Pattern.of(facet, keys, Optional.ofNullable(expected), Optional.ofNullable(actual));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.badRequest("This matches nothing: " + e.getMessage() + "."));
    }
  }

  private static String reason(@Nullable Why why) {
    return Because.reason(why == null ? null : why.reason());
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.notFound("No waiver has this id."));
  }
}
