package io.patina.engine.enrolment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.patina.engine.access.CurrentCaller;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tokens by which installations come in. */
@Path("/api/v1/enrolment-tokens")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "enrolment", description = "Who may speak for which host")
public class EnrolmentTokensResource {

  private static final int HOURS = 24;
  private static final int MOST_HOURS = 366 * 24;
  private static final int MOST_USES = 100_000;
  private static final int LONGEST_NOTE = 200;

  private final EnrolmentTokens tokens;
  private final CurrentCaller caller;

  EnrolmentTokensResource(EnrolmentTokens tokens, CurrentCaller caller) {
    this.tokens = tokens;
    this.caller = caller;
  }

  /**
   * A wish for a token.
   *
   * @param host id of the host whose next life it lets in
   * @param name likewise, by the name to be assigned to it; made if there is none. Without either:
   *     every installation is a host of its own
   * @param pool of the host; {@code default} if not given, or as it is
   * @param labels to be assigned to the host, over those that it has
   * @param uses how many installations it lets in: 1 if not given; with host or name always 1
   * @param hours how long it is valid, 1 to 8784; 24 if not given
   * @param note what it is for
   */
  public record Wish(
      @Nullable String host,
      @Nullable String name,
      @Nullable String pool,
      @Nullable Map<String, @Nullable String> labels,
      @Nullable Integer uses,
      @Nullable Integer hours,
      @Nullable String note) {}

  /** A token. Its text is there once, when it is made. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record View(
      String id,
      @Nullable String token,
      @Nullable String host,
      @Nullable String name,
      @Nullable String pool,
      Map<String, String> labels,
      int uses,
      int used,
      String note,
      String createdBy,
      String createdAt,
      String expiresAt,
      @Nullable String revokedAt,
      @Nullable String revokedBy) {

    static View from(EnrolmentTokenTable.Row r, @Nullable String text) {
      return new View(
          r.id().toString(),
          text,
          r.host().map(UUID::toString).orElse(null),
          r.hostName(),
          r.place().pool(),
          r.place().labels(),
          r.uses(),
          r.used(),
          r.note(),
          r.createdBy(),
          r.createdAt().toString(),
          r.expiresAt().toString(),
          r.revokedAt() == null ? null : r.revokedAt().toString(),
          r.revokedBy());
    }
  }

  /** All tokens, latest first, at most 1000. */
  public record Tokened(List<View> items) {}

  @GET
  @Operation(summary = "Enrolment tokens, without their text")
  @SecurityRequirement(name = "token")
  public Tokened list() throws SQLException {
    return new Tokened(tokens.list().stream().map(r -> View.from(r, null)).toList());
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Make an enrolment token",
      description =
          "For one host, or for a number of them. Its text is in this answer and nowhere else.")
  @SecurityRequirement(name = "token")
  public Response make(@Nullable Wish given) throws SQLException {
    Wish wish = given == null ? new Wish(null, null, null, null, null, null, null) : given;
    if (wish.host() != null && wish.name() != null) {
      throw Bodies.bad("Give host or name, not both.");
    }
    boolean forOne = wish.host() != null || wish.name() != null;
    int uses = within("uses", wish.uses(), 1, forOne ? 1 : MOST_USES);
    int hours = within("hours", wish.hours(), HOURS, MOST_HOURS);
    String note = wish.note() == null ? "" : wish.note().strip();
    if (note.length() > LONGEST_NOTE || note.chars().anyMatch(Character::isISOControl)) {
      throw Bodies.bad("note is text of at most " + LONGEST_NOTE + " characters.");
    }
    EnrolmentTokens.Made made =
        tokens
            .make(
                new EnrolmentTokens.Wish(
                    Bodies.id("host", wish.host()),
                    wish.name() == null ? null : Bodies.text("name", wish.name()),
                    Bodies.place(wish.pool(), wish.labels()),
                    uses,
                    Duration.ofHours(hours),
                    note),
                caller.get().decider())
            .orElseThrow(() -> new ProblemException(Problem.notFound("No host has this id.")));
    return Response.status(201).entity(View.from(made.row(), made.text())).build();
  }

  @DELETE
  @Path("/{id}")
  @Operation(
      summary = "Revoke an enrolment token",
      description = "It lets nobody in from now on. Whom it has let in stays.")
  @SecurityRequirement(name = "token")
  public void revoke(@PathParam("id") UUID id) throws SQLException {
    if (!tokens.revoke(id, caller.get().decider())) {
      throw new ProblemException(Problem.notFound("No enrolment token has this id."));
    }
  }

  private static int within(String name, @Nullable Integer given, int usual, int most) {
    int value = given == null ? usual : given;
    if (value < 1 || value > most) {
      throw Bodies.bad(
          most == 1
              ? name + " is 1 for a token that is for one host."
              : name + " is 1 to " + most + ".");
    }
    return value;
  }
}
