package io.patina.engine.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the token from its file, again whenever the file has changed. Safe for threads. */
final class TokenFile {

  private static final Logger LOG = Logger.getLogger(TokenFile.class);

  private final Optional<Path> file;
  private @Nullable FileTime readAt;
  private Optional<Gate.Token> token = Optional.empty();
  private boolean complained;

  TokenFile(Optional<Path> file) {
    this.file = file;
  }

  /** The token; empty if there is no file, it cannot be read, or what is in it is too short. */
  synchronized Optional<Gate.Token> token() {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      FileTime changed = Files.getLastModifiedTime(file.get());
      if (!changed.equals(readAt)) {
        token = Gate.Token.of(Files.readString(file.get(), StandardCharsets.UTF_8));
        readAt = changed;
        complained = false;
        if (token.isEmpty()) {
          complain("it has fewer than " + Gate.Token.SHORTEST + " characters");
        }
      }
    } catch (IOException e) {
      token = Optional.empty();
      readAt = null;
      complain(e.getClass().getSimpleName());
    }
    return token;
  }

  private void complain(String reason) {
    if (!complained) {
      LOG.warnf("token-unusable file=%s reason=%s", file.orElseThrow(), reason);
      complained = true;
    }
  }
}
