package io.patina.collector.rpm;

import io.patina.collector.inventory.Unreadable;
import io.patina.facts.Gap;
import java.util.Optional;

/** A backend that cannot be read: it says so, because no packages and unknown packages differ. */
record UnsupportedHeaders(String shown, String backend) implements HeaderSource {

  @Override
  public Optional<Unreadable> each(Receiver receiver) {
    return Optional.of(
        new Unreadable(
            shown,
            Gap.UNSUPPORTED,
            "the rpm database " + shown + " is of the kind " + backend + ", which is not read"));
  }
}
