package io.patina.engine.fleet;

import io.patina.engine.access.Caller;
import io.patina.engine.access.CurrentCaller;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Deviations of one cause at one time. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet", description = "What is known of hosts, read only")
public class GroupsResource {

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_NOTE = 2000;

  private final Hosts hosts;
  private final Groups groups;

  private final CurrentCaller caller;

  GroupsResource(Hosts hosts, Groups groups, CurrentCaller caller) {
    this.hosts = hosts;
    this.groups = groups;
    this.caller = caller;
  }

  /**
   * What a person says of a group.
   *
   * @param by who says so, at most 200 characters; only where the token is the file's, which stands
   *     for no person: any other says itself who asks, and is not contradicted
   * @param ticket at most 200 characters; may be left out
   * @param authorised whether it was meant to be done; must be said
   * @param note at most 2,000 characters; may be left out
   */
  public record Acknowledge(
      @Nullable String by,
      @Nullable String ticket,
      @Nullable Boolean authorised,
      @Nullable String note) {}

  @GET
  @Path("/hosts/{id}/groups")
  @Operation(
      summary = "Deviations of a host by cause and time, latest first",
      description = "state: open, all")
  public Listed<GroupView> groups(
      @PathParam("id") String id,
      @QueryParam("state") @DefaultValue("open") String state,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @DefaultValue("100") int limit)
      throws SQLException {
    UUID host = Requests.host(id);
    if (hosts.host(host).isEmpty()) {
      throw new ProblemException(Problem.notFound("No host has this id."));
    }
    return groups.list(host, Requests.openOnly(state), Requests.limit(limit), cursor);
  }

  @GET
  @Path("/groups/{id}")
  @Operation(summary = "One group")
  public GroupView group(@PathParam("id") String id) throws SQLException {
    return known(groups.group(id(id)));
  }

  @POST
  @Path("/groups/{id}/acknowledgement")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Say whose a group is",
      description = "What was said before stays in the history; the last word is shown.")
  @SecurityRequirement(name = "token")
  public GroupView acknowledge(@PathParam("id") String id, @Nullable Acknowledge said)
      throws SQLException {
    Boolean authorised = said == null ? null : said.authorised();
    if (said == null || authorised == null) {
      throw new ProblemException(
          Problem.badRequest(
              "Say who, and whether it was authorised:"
                  + " {\"by\": \"...\", \"ticket\": \"...\", \"authorised\": true}."));
    }
    return known(
        groups.acknowledge(
            id(id),
            who(text("by", said.by(), LONGEST_NAME)),
            text("ticket", said.ticket(), LONGEST_NAME),
            authorised,
            text("note", said.note(), LONGEST_NOTE)));
  }

  private String who(String said) {
    Caller asking = caller.get();
    if (!asking.isNamed()) {
      if (said.isBlank()) {
        throw new ProblemException(Problem.badRequest("Say who: {\"by\": \"...\"}."));
      }
      return said;
    }
    if (!said.isBlank() && !said.equals(asking.subject())) {
      throw new ProblemException(
          Problem.badRequest("The token is " + asking.subject() + "'s: leave \"by\" away."));
    }
    return asking.subject();
  }

  private static UUID id(String text) {
    return Hosts.uuid(text).orElseThrow(GroupsResource::unknown);
  }

  private static GroupView known(Optional<GroupView> group) {
    return group.orElseThrow(GroupsResource::unknown);
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.notFound("No group has this id."));
  }

  private static String text(String name, @Nullable String value, int longest) {
    String text = value == null ? "" : value;
    if (text.length() > longest || text.indexOf('\0') >= 0) {
      throw new ProblemException(
          Problem.badRequest(name + " is text of at most " + longest + " characters."));
    }
    return text;
  }
}
