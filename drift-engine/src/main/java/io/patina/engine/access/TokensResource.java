package io.patina.engine.access;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Bearer tokens, and who one is. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "access", description = "Who may ask what, and who decided what")
public class TokensResource {

  private static final int LONGEST = 200;
  private static final int DAYS = 90;
  private static final int MOST_DAYS = 366;

  private final Tokens tokens;
  private final CurrentCaller caller;

  TokensResource(Tokens tokens, CurrentCaller caller) {
    this.tokens = tokens;
    this.caller = caller;
  }

  /**
   * A wish for a token.
   *
   * @param subject whose it is, as the audit history is to name them, at most 200 characters
   * @param roles one or more
   * @param days how long it is to be valid, 1 to 366; 90 if not given
   * @param note what it is for
   */
  public record Wish(
      @Nullable String subject,
      @Nullable List<String> roles,
      @Nullable Integer days,
      @Nullable String note) {}

  /** A token. Its text is there once, when it is made. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record View(
      String id,
      @Nullable String token,
      String subject,
      List<String> roles,
      String note,
      String createdBy,
      String createdAt,
      String expiresAt,
      @Nullable String revokedAt,
      @Nullable String revokedBy) {

    static View from(TokenTable.Row r, @Nullable String text) {
      return new View(
          r.id().toString(),
          text,
          r.subject(),
          r.roles(),
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

  /**
   * Who asks.
   *
   * @param means {@code loopback}, {@code token-file}, {@code token} or {@code oidc}
   */
  public record Me(String subject, String means, List<String> roles) {}

  @GET
  @Path("/me")
  @Operation(summary = "Who asks, and with which roles")
  public Me me() {
    Caller c = caller.get();
    return new Me(
        c.subject(),
        c.means().wireName(),
        c.roles().stream().map(Role::wireName).sorted().toList());
  }

  @GET
  @Path("/tokens")
  @Operation(summary = "All tokens, without their text")
  @SecurityRequirement(name = "token")
  public Tokened list() throws SQLException {
    return new Tokened(tokens.list().stream().map(r -> View.from(r, null)).toList());
  }

  @POST
  @Path("/tokens")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Make a token", description = "Its text is in this answer and nowhere else.")
  @SecurityRequirement(name = "token")
  public Response make(@Nullable Wish wish) throws SQLException {
    if (wish == null) {
      throw bad("Say for whom: {\"subject\": \"...\", \"roles\": [\"viewer\"]}.");
    }
    Tokens.Made made =
        tokens.make(
            text("subject", wish.subject(), true),
            roles(wish.roles()),
            text("note", wish.note(), false),
            life(wish.days()),
            caller.get());
    return Response.status(201).entity(View.from(made.row(), made.text())).build();
  }

  @DELETE
  @Path("/tokens/{id}")
  @Operation(summary = "Revoke a token", description = "It counts no more from now on.")
  @SecurityRequirement(name = "token")
  public void revoke(@PathParam("id") UUID id) throws SQLException {
    if (!tokens.revoke(id, caller.get())) {
      throw new ProblemException(Problem.notFound("No token has this id."));
    }
  }

  private static Set<Role> roles(@Nullable List<String> names) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String name : names == null ? List.<String>of() : names) {
      roles.add(Role.named(String.valueOf(name)).orElseThrow(TokensResource::noRole));
    }
    if (roles.isEmpty()) {
      throw noRole();
    }
    return roles;
  }

  private static ProblemException noRole() {
    return bad("roles is one or more of " + String.join(", ", Role.NAMES) + ".");
  }

  private static Duration life(@Nullable Integer days) {
    if (days != null && (days < 1 || days > MOST_DAYS)) {
      throw bad("days is 1 to " + MOST_DAYS + ".");
    }
    return Duration.ofDays(days == null ? DAYS : days);
  }

  private static String text(String name, @Nullable String value, boolean needed) {
    String text = value == null ? "" : value.strip();
    if ((needed && text.isEmpty())
        || text.length() > LONGEST
        || text.chars().anyMatch(Character::isISOControl)) {
      throw bad(name + " is text of " + (needed ? "1" : "0") + " to " + LONGEST + " characters.");
    }
    return text;
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.badRequest(detail));
  }
}
