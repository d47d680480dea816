package io.patina.engine.problems;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Problem details (RFC 9457).
 *
 * @param type what kind of problem, a URN that stays the same
 * @param title the kind in words
 * @param status HTTP status, 400 to 599
 * @param detail what is wrong with this request and what to do about it
 * @param instance path of the request; null where it is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type, String title, int status, String detail, @Nullable String instance) {

  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPES = "urn:patina:problem:";

  public static Problem badRequest(String detail) {
    return of("bad-request", "The request cannot be understood", 400, detail);
  }

  public static Problem unauthorised(String detail) {
    return of("unauthorised", "A token is needed", 401, detail);
  }

  public static Problem forbidden(String detail) {
    return of("forbidden", "This is not allowed", 403, detail);
  }

  public static Problem notFound(String detail) {
    return of("not-found", "There is no such thing", 404, detail);
  }

  public static Problem conflict(String detail) {
    return of("conflict", "The state does not allow it", 409, detail);
  }

  public static Problem misdirected(String detail) {
    return of("misdirected", "This address does not serve that host name", 421, detail);
  }

  public static Problem internal() {
    return of(
        "internal", "The engine failed", 500, "The engine's log says why; this is a fault of it.");
  }

  public static Problem databaseAway() {
    return of(
        "database-away",
        "The database does not answer",
        503,
        "PostgreSQL cannot be reached. The engine goes on by itself when it is back; ask again.");
  }

  /** A problem of which only the HTTP status is known. */
  public static Problem ofStatus(int status, String detail) {
    return switch (status) {
      case 400 -> badRequest(detail);
      case 401 -> unauthorised(detail);
      case 403 -> forbidden(detail);
      case 404 -> notFound(detail);
      case 409 -> conflict(detail);
      default -> of("http-" + status, "HTTP " + status, status, detail);
    };
  }

  public Problem at(String path) {
    return new Problem(type, title, status, detail, path);
  }

  private static Problem of(String type, String title, int status, String detail) {
    return new Problem(TYPES + type, title, status, detail, null);
  }
}
