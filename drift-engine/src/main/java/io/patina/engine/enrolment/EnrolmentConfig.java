package io.patina.engine.enrolment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who is let in. */
@ConfigMapping(prefix = "patina.enrolment")
public interface EnrolmentConfig {

  /** What becomes of an installation that comes without a token or a grant. */
  enum FirstUse {
    /** Its reports are dead letters, and it is listed among those that knock. */
    REFUSE,
    /**
     * Its key is pinned and its host is known, but in no pool and no brake until a person approves.
     */
    PIN,
    /**
     * Its key is pinned and its host is in the pool {@code default} at once: for a single machine,
     * where whoever can write to the topic is the machine itself.
     */
    APPROVE
  }

  /** {@code refuse}, {@code pin} or {@code approve}. */
  @WithDefault("refuse")
  FirstUse firstUse();

  /**
   * Most installations that are listed among those that knock; beyond it, who was heard least
   * lately makes room.
   */
  @WithDefault("10000")
  int mostKnocking();
}
