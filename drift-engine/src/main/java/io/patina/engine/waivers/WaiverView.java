package io.patina.engine.waivers;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.patina.engine.audit.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A waiver as the API shows it.
 *
 * @param state a {@link Waiver.State#wireName()}
 * @param keys glob over the key
 * @param expected SHA-256 of the content as it should be; left out for any
 * @param host the only one it is for; {@code pool} and {@code labels} likewise must be so of a host
 * @param soonAt from here on it expires soon
 * @param history what people did with it, oldest first; only for one waiver
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WaiverView(
    String id,
    String state,
    String facet,
    String keys,
    @Nullable String expected,
    @Nullable String actual,
    @Nullable String host,
    @Nullable String pool,
    Map<String, String> labels,
    String reason,
    String ticket,
    String owner,
    String requestedBy,
    Instant requestedAt,
    Instant expiresAt,
    Instant soonAt,
    @Nullable String approvedBy,
    @Nullable Instant approvedAt,
    @Nullable String revokedBy,
    @Nullable Instant revokedAt,
    @Nullable List<Entry> history) {

  static WaiverView from(Waiver w, Instant now, @Nullable List<Entry> history) {
    Waiver.@Nullable Step approved = w.approved().orElse(null);
    Waiver.@Nullable Step revoked = w.revoked().orElse(null);
    return new WaiverView(
        w.id().toString(),
        w.state(now).wireName(),
        w.pattern().facet(),
        w.pattern().keys().toString(),
        w.pattern().expected().orElse(null),
        w.pattern().actual().orElse(null),
        w.extent().host().map(Object::toString).orElse(null),
        w.extent().pool().orElse(null),
        w.extent().labels(),
        w.reason(),
        w.ticket(),
        w.owner(),
        w.requestedBy(),
        w.requestedAt(),
        w.expiresAt(),
        w.soonAt(),
        approved == null ? null : approved.by(),
        approved == null ? null : approved.at(),
        revoked == null ? null : revoked.by(),
        revoked == null ? null : revoked.at(),
        history);
  }
}
