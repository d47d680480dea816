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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one request, from its head alone.
 *
 * <p>Reads from loopback need nothing but a host name that is loopback's. Everything else needs a
 * token whose holder has a role that {@link Permissions} names. A read takes it as bearer or, so
 * that a browser can ask a person, as the password of basic authentication. A write takes it as
 * bearer only: no page of another site can make a browser send that.
 */
final class Gate {

  private static final String HOW =
      " Send it as 'Authorization: Bearer ...'. The first one is in the file that"
          + " PATINA_ACCESS_TOKEN_FILE names, at least "
          + Token.SHORTEST
          + " random characters; with it others are made.";

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

  private static final Set<String> HEALTH =
      Set.of("/q/health", "/q/health/live", "/q/health/ready", "/q/health/started");

  /** What is known of who asks. */
  sealed interface Who {}

  /** Nothing was given. */
  record Nobody() implements Who {}

  /**
   * Something was given that does not count.
   *
   * @param reason why, for whoever gave it
   */
  record Stranger(String reason) implements Who {}

  /** Somebody. */
  record Somebody(Caller caller) implements Who {}

  /** Whether the request is answered whoever asks. */
  static boolean isOpen(Request r) {
    // Health says up or down and nothing of hosts; whatever probes it has no token. By these very
    // paths: what is routed is the path without dots and escapes.
    return Permissions.isRead(r.method()) && HEALTH.contains(r.path());
  }

  /** Looks at where the request goes and comes from; empty if it may go on. */
  Optional<Problem> refuseAddress(Request r) {
    if (!addressed(r.host())) {
      return Optional.of(
          Problem.misdirected(
              loopback
                  ? "This engine is bound to loopback: address it as localhost or 127.0.0.1."
                  : "Address the engine by a name that PATINA_ACCESS_HOSTS lists."));
    }
    if (!Permissions.isRead(r.method()) && "cross-site".equals(r.fetchSite())) {
      return Optional.of(Problem.forbidden("Another site's page may not write."));
    }
    return Optional.empty();
  }

  /** The token in a request, unverified. */
  static Optional<String> given(Request r) {
    return given(r.authorisation(), Permissions.isRead(r.method()));
  }

  /** As whom a request passes. */
  Answer answer(Request r, Who who) {
    Caller caller;
    switch (who) {
      case Nobody() -> {
        boolean read = Permissions.isRead(r.method());
        if (!read || !loopback || r.forwarded()) {
          return Answer.refused(
              Problem.unauthorised((read ? "Reading" : "Writing") + " needs a token." + HOW));
        }
        caller = Caller.ANONYMOUS;
      }
      case Stranger(String reason) -> {
        return Answer.refused(Problem.unauthorised(reason + HOW));
      }
      case Somebody(Caller somebody) -> caller = somebody;
    }
    if (Permissions.allows(caller, r.method(), r.path())) {
      return new Answer(Optional.empty(), caller);
    }
    String needs = "This needs " + Permissions.needs(r.method(), r.path());
    return Answer.refused(
        who instanceof Nobody
            ? Problem.unauthorised(needs + "." + HOW)
            : Problem.forbidden(needs + "; " + caller.subject() + " has " + names(caller) + "."));
  }

  /**
   * The decision.
   *
   * @param refused why not; empty if it may pass
   * @param caller as whom
   */
  record Answer(Optional<Problem> refused, Caller caller) {
    static Answer refused(Problem problem) {
      return new Answer(Optional.of(problem), Caller.ANONYMOUS);
    }
  }

  private static String names(Caller caller) {
    return caller.roles().isEmpty()
        ? "none"
        : caller.roles().stream().map(Role::wireName).sorted().collect(Collectors.joining(", "));
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
