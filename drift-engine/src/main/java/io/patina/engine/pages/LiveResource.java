package io.patina.engine.pages;

import io.patina.engine.fleet.Requests;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Tells open pages that something changed; they fetch themselves again to learn what. */
@Path("/live")
public class LiveResource {

  /** Shorter than proxies wait for an idle connection. */
  private static final Duration STILL_THERE = Duration.ofSeconds(15);

  private final Changes changes;

  LiveResource(Changes changes) {
    this.changes = changes;
  }

  /**
   * Server-sent events: {@code changed} with the number of hosts that changed, and comments that
   * keep the connection.
   *
   * @param host only this host; null for the fleet, then at most two events a second
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(hidden = true)
  public Multi<OutboundSseEvent> live(@QueryParam("host") @Nullable String host, @Context Sse sse) {
    Multi<OutboundSseEvent> still =
        Multi.createFrom()
            .ticks()
            .startingAfter(Duration.ofMillis(1))
            .every(STILL_THERE)
            .onOverflow()
            .drop()
            .map(t -> sse.newEventBuilder().comment("still there").build());
    if (host == null || host.isEmpty()) {
      return Multi.createBy()
          .merging()
          .streams(
              still,
              changes
                  .hosts()
                  .group()
                  .intoLists()
                  .every(Duration.ofMillis(500))
                  .filter(l -> !l.isEmpty())
                  .map(l -> changed(sse, l.stream().mapToInt(java.util.Set::size).sum())));
    }
    String id = Requests.host(host).toString();
    return Multi.createBy()
        .merging()
        .streams(still, changes.hosts().filter(h -> h.contains(id)).map(h -> changed(sse, 1)));
  }

  private static OutboundSseEvent changed(Sse sse, int hosts) {
    return sse.newEventBuilder().name("changed").data(Integer.toString(hosts)).build();
  }
}
