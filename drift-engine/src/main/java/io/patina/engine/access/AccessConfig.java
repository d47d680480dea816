package io.patina.engine.access;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Who may ask what. */
@ConfigMapping(prefix = "patina.access")
public interface AccessConfig {

  /**
   * File that holds the bearer token, at least 16 characters; blanks and line ends around it do not
   * count. It is read again when it changes. Without it nothing can be written, and nothing be read
   * unless HTTP is bound to loopback.
   */
  Optional<String> tokenFile();

  /**
   * Names under which this engine may be addressed, without port. Any, if not given, except on
   * loopback: there only localhost and loopback addresses, so that a web page that rebinds its name
   * to 127.0.0.1 reads nothing.
   */
  Optional<List<String>> hosts();
}
