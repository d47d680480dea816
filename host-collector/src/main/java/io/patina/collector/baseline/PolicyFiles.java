package io.patina.collector.baseline;

import io.patina.collector.asking.CommandFailure;
import io.patina.policy.CompiledPolicy;
import io.patina.policy.InvalidPolicyException;
import java.nio.file.Path;

/** Policies that the commands read. */
final class PolicyFiles {

  private PolicyFiles() {}

  /**
   * Reads and compiles a policy.
   *
   * @throws InvalidPolicyException naming line, column and what to write instead
   */
  static CompiledPolicy compile(String text) throws CommandFailure, InvalidPolicyException {
    try {
      return CompiledPolicy.of(text);
    } catch (NoClassDefFoundError e) {
      // The collector's image leaves the compiler out: the agent has no use for it.
      throw new CommandFailure(
          "the compiler of policies is not in this build; use ./patina of a checkout", e);
    }
  }

  /** Reads a policy that has to be without a mistake. */
  static String verified(Path file) throws CommandFailure {
    String text = BaselineFiles.text(file);
    try {
      var unused = compile(text);
      return text;
    } catch (InvalidPolicyException e) {
      throw new CommandFailure(
          "the policy " + BaselineFiles.shown(file) + ": " + e.getMessage(), e);
    }
  }
}
