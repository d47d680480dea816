package io.patina.engine.deviations;

import io.patina.engine.state.Since;

/** What happened to one host's part in a set. */
public sealed interface ShareStep {

  Share share();

  /** It begins. */
  record Began(Share share) implements ShareStep {}

  /** Some of its members are this host's no more, or have rows of their own now. */
  record Shrank(Share share) implements ShareStep {}

  /**
   * It is over.
   *
   * @param end when its members ended, or were last what they are here
   * @param continued whether a part of it goes on elsewhere
   */
  record Ended(Share share, Since end, Cause why, boolean continued, Circumstances circumstances)
      implements ShareStep {}
}
