package io.patina.engine.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do. Every role but {@link #AGENT} may read what a viewer reads. */
public enum Role {
  /** Reads fleet, hosts, deviations, baselines. */
  VIEWER,
  /** Hands in signed baselines. */
  AUTHOR,
  /** Approves what others wrote, withdraws it. */
  APPROVER,
  /**
   * Makes approved baselines active, rolls back; lets installations in, revokes them, labels hosts.
   */
  OPERATOR,
  /** Reads the audit history. */
  AUDITOR,
  /** A collector. Reads nothing of other hosts. */
  AGENT;

  /** All of them, as callers write them. */
  public static final List<String> NAMES = Arrays.stream(values()).map(Role::wireName).toList();

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Role> named(String name) {
    return Arrays.stream(values()).filter(r -> r.wireName().equals(name)).findFirst();
  }
}
