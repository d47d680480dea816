package io.patina.engine.maintenance;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A maintenance as the API shows it.
 *
 * @param state {@code lasts} or {@code over}
 * @param host the only one it is for; {@code pool} and {@code labels} likewise must be so of a host
 * @param endedBy who ended it before its time; left out if nobody did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MaintenanceView(
    String id,
    String state,
    @Nullable String host,
    @Nullable String pool,
    Map<String, String> labels,
    String reason,
    String ticket,
    String begunBy,
    Instant begunAt,
    Instant until,
    @Nullable String endedBy,
    @Nullable Instant endedAt) {

  /** As it is at that moment. */
  public static MaintenanceView from(Maintenance m, Instant now) {
    Maintenance.@Nullable Ended ended = m.ended().orElse(null);
    return new MaintenanceView(
        m.id().toString(),
        m.lasts(now) ? "lasts" : "over",
        m.extent().host().map(Object::toString).orElse(null),
        m.extent().pool().orElse(null),
        m.extent().labels(),
        m.reason(),
        m.ticket(),
        m.begunBy(),
        m.begunAt(),
        m.until(),
        ended == null ? null : ended.by(),
        ended == null ? null : ended.at());
  }
}
