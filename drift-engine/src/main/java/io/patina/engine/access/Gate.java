package io.patina.engine.access;

import io.patina.engine.problems.Problem;
import io.patina.manifest.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one request, from its head alone.
 *
 * <p>Reads from loopback need nothing but a host name that is loopback's. Everything else needs the
 * token. A read takes it as bearer or, so that a browser can ask a person, as the password of basic
 * authentication. A write takes it as bearer only: no page of another site can make a browser send
 * that.
 */
final class Gate {

  private static final Set<String> READS = Set.of("GET", "HEAD");

  private static final String HOW =
      " Send it as 'Authorization: Bearer ...'; it is in the file that PATINA_ACCESS_TOKEN_FILE"
          + " names.";

  private final boolean loopback;
  private final Optional<List<String>> hosts;

  /**
   * Makes a gate.
   *
   * @param loopback whether HTTP is bound to loopback
   * @param hosts names under which it may be addressed; empty for the default
   */
  Gate(boolean loopback, Optional<List<String>> hosts) {
    this.loopback = loopback;
    this.hosts = hosts.map(h -> h.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList());
  }

  /**
   * What of a request decides.
   *
   * @param path without query
   * @param host the Host header or HTTP/2 authority; null if there is none
   * @param authorisation the Authorization header
   * @param fetchSite the Sec-Fetch-Site header
   * @param forwarded whether a proxy passed it on (Forwarded or X-Forwarded-For is there)
   */
  record Request(
      String method,
      String path,
      @Nullable String host,
      @Nullable String authorisation,
      @Nullable String fetchSite,
      boolean forwarded) {}

  /** Empty if the request may pass. */
  Optional<Problem> refuse(Request r, Optional<Token> token) {
    if (!addressed(r.host())) {
      return Optional.of(
          Problem.misdirected(
              loopback
                  ? "This engine is bound to loopback: address it as localhost or 127.0.0.1."
                  : "Address the engine by a name that PATINA_ACCESS_HOSTS lists."));
    }
    boolean read = READS.contains(r.method());
    if (!read && "cross-site".equals(r.fetchSite())) {
      return Optional.of(Problem.forbidden("Another site's page may not write."));
    }
    // Health says up or down and nothing of hosts; whatever probes it has no token.
    if (read && (r.path().equals("/q/health") || r.path().startsWith("/q/health/"))) {
      return Optional.empty();
    }
    if (read && loopback && !r.forwarded()) {
      return Optional.empty();
    }
    if (token.isEmpty()) {
      return Optional.of(
          Problem.unauthorised(
              "This engine has no token, so it "
                  + (read ? "is read from loopback only." : "cannot be written to.")
                  + " Set PATINA_ACCESS_TOKEN_FILE to a file with at least "
                  + Token.SHORTEST
                  + " random characters."));
    }
    Optional<String> given = given(r.authorisation(), read);
    if (given.isEmpty()) {
      return Optional.of(
          Problem.unauthorised((read ? "Reading" : "Writing") + " needs the token." + HOW));
    }
    return token.get().is(given.get())
        ? Optional.empty()
        : Optional.of(Problem.unauthorised("That is not the token." + HOW));
  }

  private boolean addressed(@Nullable String host) {
    if (host == null || host.isEmpty()) {
      return false;
    }
    String name = withoutPort(host).toLowerCase(Locale.ROOT);
    if (hosts.isPresent()) {
      return hosts.get().contains(name);
    }
    return !loopback
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || name.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private static Optional<String> given(@Nullable String authorisation, boolean read) {
    if (authorisation == null) {
      return Optional.empty();
    }
    if (authorisation.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return Optional.of(authorisation.substring(7).strip());
    }
    if (read && authorisation.regionMatches(true, 0, "Basic ", 0, 6)) {
      try {
        String pair =
            new String(
                Base64.getDecoder().decode(authorisation.substring(6).strip()),
                StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
      } catch (IllegalArgumentException e) {
        // Not base64: as good as nothing given, and the answer says what to give.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The secret. Has no text form. */
  static final class Token {

    static final int SHORTEST = 16;

    private final byte[] digest;

    private Token(byte[] digest) {
      this.digest = digest;
    }

    /** The token in a file's text; empty if it is too short to be one. */
    static Optional<Token> of(String text) {
      String stripped = text.strip();
      return stripped.length() < SHORTEST
          ? Optional.empty()
          : Optional.of(new Token(sha256(stripped)));
    }

    /** Compares digests in constant time, so that neither content nor length shows in time. */
    boolean is(String given) {
      return MessageDigest.isEqual(digest, sha256(given));
    }

    private static byte[] sha256(String text) {
      return Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
