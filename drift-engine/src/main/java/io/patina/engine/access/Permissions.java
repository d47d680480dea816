package io.patina.engine.access;

import static io.patina.engine.access.Role.AGENT;
import static io.patina.engine.access.Role.APPROVER;
import static io.patina.engine.access.Role.AUDITOR;
import static io.patina.engine.access.Role.AUTHOR;
import static io.patina.engine.access.Role.OPERATOR;
import static io.patina.engine.access.Role.VIEWER;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which role each endpoint asks for. What is written and not listed here is for the keeper of the
 * token file only, so that an endpoint which somebody forgets is closed and not open.
 */
final class Permissions {

  private static final Set<String> READS = Set.of("GET", "HEAD");

  /** What reads are for, unless a rule says otherwise. */
  private static final Set<Role> READERS = EnumSet.complementOf(EnumSet.of(AGENT));

  /** Nobody but the keeper. */
  private static final Set<Role> KEEPER = Set.of();

  private static final Set<Role> ANYBODY = EnumSet.allOf(Role.class);

  /**
   * A rule.
   *
   * @param path as OpenAPI writes it; a closing {@code /**} stands for everything below
   * @param roles any of them is enough
   * @param pattern of the paths that it is for
   */
  record Rule(String method, String path, Set<Role> roles, Pattern pattern) {

    Rule(String method, String path, Set<Role> roles) {
      this(method, path, roles, patternOf(path));
    }

    boolean isFor(String method, String path) {
      return (this.method.equals(method) || (this.method.equals("GET") && method.equals("HEAD")))
          && pattern.matcher(path).matches();
    }

    private static Pattern patternOf(String path) {
      StringBuilder expression = new StringBuilder();
      for (String part : path.substring(1).split("/", -1)) {
        expression.append(
            part.equals("**")
                ? "(/.*)?"
                : "/" + (part.startsWith("{") ? "[^/]+" : Pattern.quote(part)));
      }
      return Pattern.compile(expression + "/?");
    }
  }

  static final List<Rule> RULES =
      List.of(
          new Rule("GET", "/api/v1/me", ANYBODY),
          new Rule("GET", "/api/v1/tokens", KEEPER),
          new Rule("POST", "/api/v1/tokens", KEEPER),
          new Rule("DELETE", "/api/v1/tokens/{id}", KEEPER),
          new Rule("GET", "/api/v1/audit", Set.of(AUDITOR)),
          new Rule("POST", "/api/v1/baselines", Set.of(AUTHOR)),
          new Rule("POST", "/api/v1/baselines/{name}/{version}/approval", Set.of(APPROVER)),
          new Rule("POST", "/api/v1/baselines/{name}/{version}/activation", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/baselines/{name}/{version}/rollout", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/baselines/{name}/{version}/rollout/{turn}", Set.of(OPERATOR)),
          new Rule(
              "POST", "/api/v1/baselines/{name}/{version}/retirement", Set.of(APPROVER, OPERATOR)),
          new Rule(
              "POST",
              "/api/v1/baselines/{name}/{version}/previews",
              Set.of(AUTHOR, APPROVER, OPERATOR)),
          new Rule("DELETE", "/api/v1/previews/{id}", Set.of(AUTHOR, APPROVER, OPERATOR)),
          new Rule("POST", "/api/v1/groups/{id}/acknowledgement", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/waivers", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/waivers/{id}/approval", Set.of(APPROVER)),
          new Rule("POST", "/api/v1/waivers/{id}/revocation", Set.of(APPROVER, OPERATOR)),
          new Rule("POST", "/api/v1/maintenances", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/maintenances/{id}/end", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/retirements", Set.of(OPERATOR)),
          new Rule("GET", "/api/v1/enrolment-tokens", Set.of(OPERATOR, AUDITOR)),
          new Rule("POST", "/api/v1/enrolment-tokens", Set.of(OPERATOR)),
          new Rule("DELETE", "/api/v1/enrolment-tokens/{id}", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/knocking/{installation}/admission", Set.of(OPERATOR)),
          new Rule("DELETE", "/api/v1/knocking/{installation}/admission", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/installations/{installation}/approval", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/installations/{installation}/revocation", Set.of(OPERATOR)),
          new Rule("POST", "/api/v1/installations/{installation}/join", Set.of(OPERATOR)),
          new Rule("PUT", "/api/v1/hosts/{id}/labels", Set.of(OPERATOR)),
          new Rule("GET", "/api/v1/manifests/{digest}", ANYBODY),
          new Rule("GET", "/api/v1/**", READERS),
          new Rule("GET", "/**", READERS));

  private Permissions() {}

  /** Roles of which one is needed; empty: the keeper of the token file only. */
  static Set<Role> needed(String method, String path) {
    if (path.indexOf(';') >= 0) {
      // Nothing here has parameters of segments, and where they end depends on who reads.
      return KEEPER;
    }
    Set<Role> asWritten = rule(method, path);
    Set<Role> asRead = rule(method, plain(path));
    if (asWritten.equals(asRead)) {
      return asWritten;
    }
    // Written in a roundabout way: whatever serves it may read it either way, so both must allow
    // it.
    Set<Role> both = EnumSet.noneOf(Role.class);
    both.addAll(asWritten);
    both.retainAll(asRead);
    return both;
  }

  private static Set<Role> rule(String method, String path) {
    return RULES.stream()
        .filter(r -> r.isFor(method, path))
        .findFirst()
        .map(Rule::roles)
        .orElse(KEEPER);
  }

  /** A path without escapes, parameters of segments, doubled slashes and dots. */
  private static String plain(String path) {
    String decoded;
    try {
      decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // An escape that is none: nothing will serve it.
      return path;
    }
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : decoded.replaceAll(";[^/]*", "").split("/", -1)) {
      if (segment.equals("..")) {
        var unused = segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    return "/" + String.join("/", segments);
  }

  static boolean isRead(String method) {
    return READS.contains(method);
  }

  /** Whether a caller may. */
  static boolean allows(Caller caller, String method, String path) {
    Set<Role> needed = needed(method, path);
    if (needed.isEmpty()) {
      return caller.keepsTokens();
    }
    return caller.roles().stream().anyMatch(needed::contains);
  }

  /** What is needed, in words. */
  static String needs(String method, String path) {
    Set<Role> needed = needed(method, path);
    if (needed.isEmpty()) {
      return "the token of the file that PATINA_ACCESS_TOKEN_FILE names";
    }
    return (needed.size() == 1 ? "the role " : "one of the roles ")
        + EnumSet.copyOf(needed).stream().map(Role::wireName).collect(Collectors.joining(", "));
  }

  /** The table of the documentation, Markdown. */
  static String table() {
    StringBuilder text = new StringBuilder("| endpoint |");
    List<Role> roles = List.of(VIEWER, AUTHOR, APPROVER, OPERATOR, AUDITOR, AGENT);
    roles.forEach(r -> text.append(' ').append(r.wireName()).append(" |"));
    text.append(" token file |\n|---|").append("---|".repeat(roles.size() + 1)).append('\n');
    for (Rule rule : RULES) {
      text.append("| `").append(rule.method()).append(' ').append(rule.path()).append("` |");
      roles.forEach(r -> text.append(rule.roles().contains(r) ? " yes |" : " |"));
      text.append(" yes |\n");
    }
    return text.append("| any other write |")
        .append(" |".repeat(roles.size()))
        .append(" yes |\n")
        .toString();
  }
}
