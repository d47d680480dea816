package io.patina.collector.rpm;

import io.patina.collector.inventory.Unreadable;
import java.util.Optional;

/** Fetches header blobs out of one backend of the rpm database. */
interface HeaderSource {

  /** What takes the blobs, one at a time. */
  interface Receiver {
    void header(byte[] blob);
  }

  /**
   * Hands on every header, in no particular order.
   *
   * @return why it ended early; empty if all were read
   */
  Optional<Unreadable> each(Receiver receiver);
}
