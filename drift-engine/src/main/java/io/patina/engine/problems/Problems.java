package io.patina.engine.problems;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns what was thrown into problem details, or into a page for people. */
public class Problems {

  private static final Logger LOG = Logger.getLogger(Problems.class);

  private final Apology apology;

  Problems(Apology apology) {
    this.apology = apology;
  }

  /** A page that says what a problem says. */
  public interface Apology {
    String page(Problem problem);
  }

  @ServerExceptionMapper
  public Response of(ProblemException e, UriInfo request) {
    return answer(e.problem(), request);
  }

  @ServerExceptionMapper
  public Response of(WebApplicationException e, UriInfo request) {
    Response response = e.getResponse();
    if (response.getStatus() < 400) {
      return response;
    }
    String detail =
        switch (response.getStatus()) {
          case 404 -> "Nothing is at this address, or a parameter in it is not of its type.";
          case 405 -> "This address does not know that method.";
          case 406 -> "This address does not answer in the media types that were accepted.";
          case 415 -> "Send the body as application/json.";
          default -> "The request could not be served.";
        };
    return answer(Problem.ofStatus(response.getStatus(), detail), request);
  }

  @ServerExceptionMapper
  public Response of(SQLException e, UriInfo request) {
    // Class 08 is a connection, 57P a server that stops; the pool's own timeouts have no state.
    String state = e.getSQLState();
    if (state == null || state.startsWith("08") || state.startsWith("57P")) {
      LOG.warnf("database-away path=%s state=%s", request.getPath(), state);
      return answer(Problem.databaseAway(), request);
    }
    LOG.errorf(e, "request-failed path=%s", request.getPath());
    return answer(Problem.internal(), request);
  }

  @ServerExceptionMapper
  public Response of(RuntimeException e, UriInfo request) {
    LOG.errorf(e, "request-failed path=%s", request.getPath());
    return answer(Problem.internal(), request);
  }

  private Response answer(Problem problem, UriInfo request) {
    String path = request.getRequestUri().getRawPath();
    if (path.startsWith("/api/") || path.startsWith("/live")) {
      return Response.status(problem.status())
          .type(Problem.MEDIA_TYPE)
          .entity(problem.at(path))
          .build();
    }
    return Response.status(problem.status())
        .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
        .entity(apology.page(problem))
        .build();
  }
}
