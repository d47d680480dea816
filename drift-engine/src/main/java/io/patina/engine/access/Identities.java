package io.patina.engine.access;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Learns who a token's holder is: from the token file, from the database, from OIDC. */
@Singleton
final class Identities {

  private static final Logger LOG = Logger.getLogger(Identities.class);
  private static final int LONGEST_TOKEN = 16_384;

  private final TokenFile file;
  private final Caller keeper;
  private final Tokens tokens;
  private final Instance<TenantIdentityProvider> provider;
  private final boolean oidc;
  private final String prefix;

  Identities(
      AccessConfig config,
      Tokens tokens,
      Instance<TenantIdentityProvider> provider,
      @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean oidc) {
    this.file = new TokenFile(config.tokenFile().map(Path::of));
    this.keeper =
        new Caller(
            "token-file",
            Caller.Means.TOKEN_FILE,
            keeperRoles(config.tokenFileRoles().orElse(List.of())));
    this.tokens = tokens;
    this.provider = provider;
    this.oidc = oidc;
    this.prefix = config.oidcRolePrefix().orElse("");
  }

  /** Who gave this token; fails if the database is away. */
  Future<Gate.Who> of(Optional<String> given, Vertx vertx) {
    if (given.isEmpty()) {
      return Future.succeededFuture(new Gate.Nobody());
    }
    String text = given.get();
    if (text.length() > LONGEST_TOKEN) {
      return Future.succeededFuture(new Gate.Stranger("That is too long for a token."));
    }
    if (file.token().map(t -> t.is(text)).orElse(false)) {
      return Future.succeededFuture(new Gate.Somebody(keeper));
    }
    if (text.startsWith(Tokens.PREFIX)) {
      // The database is asked on a thread that may wait.
      return vertx.executeBlocking(() -> who(tokens.know(text)), false);
    }
    return oidc
        ? byProvider(text)
        : Future.succeededFuture(new Gate.Stranger("That is not the token."));
  }

  private static Gate.Who who(Tokens.Known known) {
    return switch (known) {
      case Tokens.Valid(Caller caller) -> new Gate.Somebody(caller);
      case Tokens.Invalid(String reason) -> new Gate.Stranger(reason);
    };
  }

  private Future<Gate.Who> byProvider(String text) {
    Promise<Gate.Who> answer = Promise.promise();
    var unused =
        provider
            .get()
            .authenticate(new AccessTokenCredential(text))
            .subscribe()
            .with(
                identity -> answer.complete(new Gate.Somebody(caller(identity))),
                failure -> {
                  LOG.infof("oidc-token-refused reason=%s", failure.getClass().getSimpleName());
                  answer.complete(
                      new Gate.Stranger("The identity provider's token does not count."));
                });
    return answer.future();
  }

  private Caller caller(SecurityIdentity identity) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String role : identity.getRoles()) {
      if (role.startsWith(prefix)) {
        Role.named(role.substring(prefix.length())).ifPresent(roles::add);
      }
    }
    return new Caller(identity.getPrincipal().getName(), Caller.Means.OIDC, roles);
  }

  private static Set<Role> keeperRoles(List<String> names) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String name : names) {
      roles.add(
          Role.named(name.strip())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "patina.access.token-file-roles: '"
                              + name
                              + "' is none of "
                              + String.join(", ", Role.NAMES))));
    }
    return roles;
  }
}
