package io.patina.engine.life;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.patina.manifest.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody decided about a baseline, as {@code patina.decisions.v1} carries it: the whole
 * state after the step, so that the latest one of a statement is enough.
 *
 * @param kind {@link #KIND}; the topic may carry decisions about other things
 * @param statement hexadecimal digest of the signed statement
 * @param stage wire name of a {@link Stage}
 * @param decidedAt by the clock of the database that decided
 * @param subject who took the last step
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decided(
    String kind,
    String statement,
    String name,
    String version,
    String stage,
    int precedence,
    @Nullable String submittedBy,
    @Nullable String approvedBy,
    @Nullable Instant approvedAt,
    @Nullable Instant activeSince,
    Instant decidedAt,
    String subject,
    String means,
    String why) {

  static final String KIND = "baseline";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // A newer engine may say more.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  public Decided {
    if (statement == null || name == null || version == null || decidedAt == null) {
      throw new IllegalArgumentException("statement, name, version and decidedAt are needed");
    }
    var unusedDigest = Digest.ofHex(statement);
    var unusedStage = Stage.of(String.valueOf(stage));
    subject = subject == null ? "unknown" : subject;
    means = means == null ? "unknown" : means;
    why = why == null ? "" : why;
  }

  /** Reads one; empty if it is about something else than a baseline. */
  static Optional<Decided> of(byte[] json) throws IOException {
    var node = JSON.readTree(json);
    if (node == null || !node.path("kind").asText().equals(KIND)) {
      return Optional.empty();
    }
    return Optional.of(JSON.treeToValue(node, Decided.class));
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and times are always JSON", e);
    }
  }
}
