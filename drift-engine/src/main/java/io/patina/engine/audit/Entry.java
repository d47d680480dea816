package io.patina.engine.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One decision.
 *
 * @param id ascending; the order of recording
 * @param subject who, as authenticated
 * @param means by what: {@code token}, {@code oidc}, {@code token-file}, {@code signature} or
 *     {@code migration}
 * @param action what, such as {@code baseline.approved}
 * @param thing to what, such as {@code baseline NAME VERSION}
 * @param why the reason given; may be empty
 */
public record Entry(
    long id,
    Instant at,
    String subject,
    String means,
    String action,
    String thing,
    String why,
    JsonNode data) {}
