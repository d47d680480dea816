package io.patina.engine.retirement;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host that is retired.
 *
 * @param name what it called itself; hostile text
 * @param by who retired it; left out if its collector said so
 * @param reason left out if its collector said so
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RetiredHost(
    String host,
    String name,
    String pool,
    Instant retiredAt,
    @Nullable String by,
    @Nullable String reason) {}
