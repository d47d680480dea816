package io.patina.engine.deviations;

import java.util.Locale;

/** Why a host differs, as far as the engine can tell. */
public enum Cause {
  /** A package transaction is under way; what it leaves is told when it has settled. */
  PENDING,
  /** A package manager brought another version, and this with it. */
  PACKAGE_UPDATE,
  /** A package is there that should not be, or the other way round. */
  PACKAGE_CHANGE,
  /** A package's file is not as the package brought it, and nobody knows who did it. */
  PACKAGE_FILE_MODIFIED,
  /** No package owns it, and nobody knows who brought it. */
  UNPACKAGED,
  /** A unit is overridden: a fragment or a drop-in of the administrator's. */
  UNIT_OVERRIDE,
  /** A unit is enabled, disabled or masked. */
  ENABLEMENT,
  /** Ansible, Puppet, Chef, Salt or another that is configured. */
  CONFIG_MANAGEMENT,
  /** What builds a host at its first boot: Ignition, cloud-init. */
  PROVISIONING,
  /** Another image of the operating system. */
  IMAGE_UPDATE,
  /** A container's process wrote to the host. */
  CONTAINER,
  /** A debug container, or a shell in a changed root. */
  DEBUG_SESSION,
  /** A person: a login session, an editor, or configuration that only people edit. */
  HAND_EDIT,
  /** What runs changed it, without a hand: a service, the kernel. */
  RUNTIME,
  BASELINE_CHANGED,
  /** Why a deviation ended without being repaired: nobody looks at its key any more. */
  NO_LONGER_OBSERVED,
  UNKNOWN;

  /** The word in the table and the API: lower case with dashes. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
