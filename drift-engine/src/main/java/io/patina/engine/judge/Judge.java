package io.patina.engine.judge;

import java.time.Instant;

/** Judges hosts. Pure: the same case at the same moment has the same answer. */
public interface Judge {

  Judgement judge(Case theCase, Instant now);
}
