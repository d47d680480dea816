package io.patina.engine.preview;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A preview in the background.
 *
 * @param state {@code waiting}, {@code running}, {@code done}, {@code cancelled} or {@code failed}
 * @param examined hosts so far
 * @param planned hosts that will be; null until they have been picked
 * @param problem why it failed
 * @param result once it is done; of what was examined, if it was cancelled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PreviewJob(
    UUID id,
    String name,
    String version,
    String askedBy,
    String state,
    long examined,
    @Nullable Long planned,
    Instant requestedAt,
    @Nullable String problem,
    @Nullable Foreseen result) {}
