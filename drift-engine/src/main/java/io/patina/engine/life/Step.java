package io.patina.engine.life;

import java.util.Set;

/** What people can do with a baseline. */
public enum Step {
  /** Agrees to a draft. */
  APPROVE("approval", "approved", Stage.APPROVED),
  /** Holds all hosts that it selects against it; an older version again, to roll back. */
  ACTIVATE("activation", "activated", Stage.ACTIVE),
  /** Begins to hold hosts against it, wave by wave. */
  ROLL_OUT("rollout", "rollout-started", Stage.ROLLING_OUT),
  /** Ends a rollout: no host is held against it any more. */
  ROLL_BACK("rollout/rollback", "rolled-back", Stage.APPROVED),
  /** Ends a rollout: all hosts that it selects are held against it. */
  FINISH("rollout/finish", "rollout-finished", Stage.ACTIVE),
  /** Withdraws it for good. */
  RETIRE("retirement", "retired", Stage.RETIRED);

  private final String address;
  private final String action;
  private final Stage to;

  Step(String address, String action, Stage to) {
    this.address = address;
    this.action = action;
    this.to = to;
  }

  /** The last part of its address in the API. */
  public String address() {
    return address;
  }

  /** As the audit history calls it, after {@code baseline.}. */
  String action() {
    return action;
  }

  Set<Stage> from() {
    return switch (this) {
      case APPROVE -> Set.of(Stage.DRAFT);
      case ACTIVATE, ROLL_OUT -> Set.of(Stage.APPROVED, Stage.SUPERSEDED);
      case ROLL_BACK, FINISH -> Set.of(Stage.ROLLING_OUT);
      case RETIRE -> Set.of(Stage.DRAFT, Stage.APPROVED, Stage.ACTIVE, Stage.SUPERSEDED);
    };
  }

  Stage to() {
    return to;
  }

  /** Whether hosts will rely on the signature: then it must count. */
  boolean relies() {
    return this != RETIRE && this != ROLL_BACK;
  }
}
