package io.patina.engine.judge;

import io.patina.engine.deviations.Deviation;
import java.time.Instant;

/** Judges hosts. Pure: the same case at the same moment has the same answer. */
public interface Judge {

  Judgement judge(Case theCase, Instant now);

  /** From when on a deviation of a case weighs, as it looks at this moment. */
  default Instant weighsFrom(Case theCase, Deviation deviation, Instant now) {
    return deviation.settlesAt();
  }
}
