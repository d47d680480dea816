package io.patina.engine.catalogue;

import io.patina.golden.GoldenBaseline;
import io.patina.policy.CompiledPolicy;
import io.patina.policy.InvalidPolicyException;
import io.patina.verdict.Policy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Policies of baselines, each compiled once while it is in use. Safe for use by several threads.
 */
public final class Policies {

  private static final Logger LOG = Logger.getLogger(Policies.class);

  /** Policies kept compiled. */
  private static final int KEPT = 64;

  private final Map<String, Optional<BaselinePolicy>> compiled =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<BaselinePolicy>> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * Compiles the policy of a baseline.
   *
   * @throws InvalidPolicyException naming line, column and what to write instead
   */
  static Optional<BaselinePolicy> compile(GoldenBaseline golden) throws InvalidPolicyException {
    if (golden.policyText().isPresent()) {
      return Optional.of(new BaselinePolicy.Brought(CompiledPolicy.of(golden.policyText().get())));
    }
    return Policy.named(golden.policy()).map(BaselinePolicy.BuiltIn::new);
  }

  /** The policy of an active baseline; empty if this version cannot use it. */
  public Optional<BaselinePolicy> of(GoldenBaseline golden) {
    String key = golden.policyText().orElse(golden.policy());
    synchronized (compiled) {
      return compiled.computeIfAbsent(key, k -> usable(golden));
    }
  }

  private static Optional<BaselinePolicy> usable(GoldenBaseline golden) {
    try {
      return compile(golden);
    } catch (InvalidPolicyException e) {
      // It was taken in by a version that allowed more: its hosts are unbaselined, not misjudged.
      LOG.errorf(
          "the policy of baseline %s %s is not used: %s",
          golden.name(), golden.version(), e.getMessage());
      return Optional.empty();
    }
  }
}
