package io.patina.collector.identity;

import io.patina.collector.disk.DurableFile;
import io.patina.signing.PublicKey;
import io.patina.wire.EnrolmentToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The enrolment token that a collector was given. Read at each start, never kept and never told:
 * reports carry a proof that is worth nothing to another.
 */
public final class TokenFile {
  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
  private static final int LONGEST = 4096;

  private TokenFile() {}

  /**
   * The token in a file; empty if there is no such file, as when it was removed after the
   * enrolment.
   *
   * @throws IOException if there is one that cannot be read or holds no token; the message names
   *     the file and never shows what is in it
   */
  public static Optional<EnrolmentToken> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      LOG.info("event=no-enrolment-token file={}", file);
      return Optional.empty();
    }
    if (Files.size(file) > LONGEST) {
      throw new IOException("enrolment.token-file " + file + " is too long for a token");
    }
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IOException(
          "enrolment.token-file " + file + " cannot be read: " + e.getMessage(), e);
    }
    if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      LOG.warn("event=enrolment-token-open file={}: everybody here can read it; chmod 600", file);
    }
    try {
      return Optional.of(EnrolmentToken.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IOException("enrolment.token-file " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Whether a complete snapshot has been spooled that shows this token. Before that the engine may
   * hold nothing of this installation that a later one could refer to.
   *
   * @param state of the collector
   */
  public static boolean wasShown(StateDirectory state, PublicKey token) throws IOException {
    Path file = marker(state);
    return Files.exists(file) && Files.readString(file).strip().equals(token.id());
  }

  /** A complete snapshot that shows this token is in the spool. */
  public static void shown(StateDirectory state, PublicKey token) throws IOException {
    DurableFile.replace(marker(state), (token.id() + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static Path marker(StateDirectory state) {
    return state.path().resolve("enrolment");
  }
}
