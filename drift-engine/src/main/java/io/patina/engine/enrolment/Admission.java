package io.patina.engine.enrolment;

import io.patina.engine.state.Admittance;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Whether an installation is let in. */
public sealed interface Admission {

  /**
   * It is.
   *
   * @param host that it is a life of; empty if it is the first of a new one
   * @param pool of the host; empty if nobody has approved it
   * @param labels assigned ones of the host
   */
  record Open(Optional<UUID> host, String pool, Map<String, String> labels, Admittance admittance)
      implements Admission {

    public Open {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * It is not.
   *
   * @param reason a sentence without its full stop, safe to print
   */
  record Closed(String reason) implements Admission {}
}
