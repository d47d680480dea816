package io.patina.engine.access;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Who made the request that is being served. */
@Singleton
public class CurrentCaller {

  private final CurrentVertxRequest request;

  CurrentCaller(CurrentVertxRequest request) {
    this.request = request;
  }

  /** The caller that the gate let pass. */
  public Caller get() {
    RoutingContext context = request.getCurrent();
    Caller caller = context == null ? null : context.get(Caller.KEY);
    if (caller == null) {
      throw new IllegalStateException("a request that passed no gate");
    }
    return caller;
  }
}
