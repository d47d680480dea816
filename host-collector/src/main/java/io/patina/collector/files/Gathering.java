package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;

/** Takes what one worker of a walk sees, in no order; called by that worker's thread. */
public interface Gathering {
  /**
   * A fact.
   *
   * @param version as {@link KnownVersions#version} names it
   */
  void present(Entry fact, long version);

  /** Something in scope could not be observed. */
  void missed(Entry gap);

  /** What is at this path is what is known already. */
  void unchanged(ByteString path);
}
