package io.patina.engine.access;

import io.patina.engine.audit.By;
import java.util.Set;

/**
 * Who asks, as authenticated.
 *
 * @param subject who that is; for a person the name that the audit history keeps
 * @param means by what that is known
 */
public record Caller(String subject, Means means, Set<Role> roles) {

  /** By what a caller is known. */
  public enum Means {
    /** Not at all: this machine, reading. */
    LOOPBACK("loopback"),
    /** The one token of the file: keeps the other tokens, stands for no person. */
    TOKEN_FILE("token-file"),
    /** A token that was made by the API. */
    TOKEN("token"),
    /** A token of the identity provider. */
    OIDC("oidc");

    private final String wireName;

    Means(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  static final Caller ANONYMOUS = new Caller("anonymous", Means.LOOPBACK, Set.of(Role.VIEWER));

  /** Under which a request's context holds its caller. */
  static final String KEY = "patina.caller";

  public Caller {
    roles = Set.copyOf(roles);
  }

  /** Whether it is a person or machine of its own: the token file's holder is whoever reads it. */
  public boolean isNamed() {
    return means == Means.TOKEN || means == Means.OIDC;
  }

  /** As the audit history names this caller. */
  public By decider() {
    return new By(subject, means.wireName());
  }

  boolean keepsTokens() {
    return means == Means.TOKEN_FILE;
  }
}
