package io.patina.engine.catalogue;

import io.patina.policy.CompiledPolicy;
import io.patina.verdict.Policy;

/** By what a baseline's hosts are judged. */
public sealed interface BaselinePolicy {

  /** One that is built in: weights of kinds of difference. */
  record BuiltIn(Policy policy) implements BaselinePolicy {}

  /** One that the baseline brought in its signed statement. */
  record Brought(CompiledPolicy policy) implements BaselinePolicy {}
}
