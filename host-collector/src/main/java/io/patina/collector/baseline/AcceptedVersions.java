package io.patina.collector.baseline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.collector.asking.CommandFailure;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Digest;
import io.patina.signing.UntrustedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The newest version of each baseline that was accepted, in a file: whoever replays an older one,
 * rightly signed as it is, is found out.
 */
final class AcceptedVersions {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  AcceptedVersions(Path file) {
    this.file = file;
  }

  /**
   * Remembers a baseline.
   *
   * @throws UntrustedException if a newer one of its name was accepted before
   */
  void accept(GoldenBaseline baseline, Digest statement) throws CommandFailure, UntrustedException {
    ObjectNode all = read();
    JsonNode known = all.path(baseline.name());
    if (!known.isMissingNode()) {
      Instant newest = instant(known);
      boolean same = known.path("statement").asText().equals(statement.hex());
      if (same) {
        return;
      }
      if (!baseline.createdAt().isAfter(newest)) {
        throw new UntrustedException(
            "an older version is replayed: it is "
                + baseline.name()
                + " "
                + baseline.version()
                + " of "
                + baseline.createdAt()
                + ", and "
                + known.path("version").asText()
                + " of "
                + newest
                + " was accepted before");
      }
    }
    all.putObject(baseline.name())
        .put("version", baseline.version())
        .put("createdAt", baseline.createdAt().toString())
        .put("statement", statement.hex());
    write(all);
  }

  private Instant instant(JsonNode known) throws CommandFailure {
    try {
      return Instant.parse(known.path("createdAt").asText());
    } catch (DateTimeException e) {
      throw damaged(e);
    }
  }

  private ObjectNode read() throws CommandFailure {
    if (!Files.exists(file)) {
      return JSON.createObjectNode();
    }
    try {
      if (JSON.readTree(BaselineFiles.text(file)) instanceof ObjectNode all) {
        return all;
      }
      throw new CommandFailure(BaselineFiles.shown(file) + " is damaged: no object");
    } catch (JsonProcessingException e) {
      throw damaged(e);
    }
  }

  private CommandFailure damaged(Exception e) {
    return new CommandFailure(
        BaselineFiles.shown(file)
            + " is damaged; what was accepted before is not known. Remove it to begin anew",
        e);
  }

  private void write(ObjectNode all) throws CommandFailure {
    try {
      Path directory = file.toAbsolutePath().getParent();
      Path partial =
          Files.createTempFile(directory, String.valueOf(file.getFileName()), ".partial");
      try {
        Files.writeString(partial, all.toPrettyString() + "\n");
        Files.move(
            partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw BaselineFiles.unwritable(file, e);
    }
  }
}
