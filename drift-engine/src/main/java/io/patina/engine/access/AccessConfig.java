package io.patina.engine.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Who may ask what. */
@ConfigMapping(prefix = "patina.access")
public interface AccessConfig {

  /**
   * File that holds the keeper's bearer token, at least 16 characters; blanks and line ends around
   * it do not count. It is read again when it changes. With it the first tokens are made. Without
   * it, tokens and an identity provider nothing can be written, and nothing be read unless HTTP is
   * bound to loopback.
   */
  Optional<String> tokenFile();

  /**
   * Roles of whoever holds the file's token, besides keeping tokens. On one machine all of them;
   * where people have tokens of their own, none or {@code viewer}, so that nothing is approved in
   * nobody's name.
   */
  @WithDefault("viewer,author,approver,operator,auditor,agent")
  Optional<List<String>> tokenFileRoles();

  /** What stands before a role's name among the roles of the identity provider. */
  @WithDefault("patina-")
  Optional<String> oidcRolePrefix();

  /**
   * Names under which this engine may be addressed, without port. Any, if not given, except on
   * loopback: there only localhost and loopback addresses, so that a web page that rebinds its name
   * to 127.0.0.1 reads nothing.
   */
  Optional<List<String>> hosts();
}
