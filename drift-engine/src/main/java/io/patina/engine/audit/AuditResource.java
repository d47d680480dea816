package io.patina.engine.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.patina.engine.database.Transactions;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit history. */
@Path("/api/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "access", description = "Who may ask what, and who decided what")
public class AuditResource {

  private static final int MOST = 500;

  private final Transactions transactions;

  AuditResource(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A page of it, latest first.
   *
   * @param next pass it as {@code before} for the page that follows; null on the last one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Page(List<Entry> items, @Nullable Long next) {}

  @GET
  @Operation(summary = "What people decided, latest first", description = "limit: 1 to 500")
  @SecurityRequirement(name = "token")
  public Page list(
      @QueryParam("before") @Nullable Long before,
      @QueryParam("limit") @DefaultValue("100") int limit)
      throws SQLException {
    if (limit < 1 || limit > MOST) {
      throw new ProblemException(Problem.badRequest("limit is 1 to " + MOST + "."));
    }
    List<Entry> found =
        transactions.run(
            c -> AuditTable.before(c, before == null ? Long.MAX_VALUE : before, limit + 1));
    return found.size() > limit
        ? new Page(found.subList(0, limit), found.get(limit - 1).id())
        : new Page(found, null);
  }
}
