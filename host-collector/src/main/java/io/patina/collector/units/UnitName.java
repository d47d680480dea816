package io.patina.collector.units;

import java.util.Optional;
import java.util.Set;

/** The parts of a unit's name: {@code prefix[@instance].type}. */
record UnitName(String whole) {
  private static final Set<String> TYPES = Set.of("service", "socket", "timer", "path", "target");

  String type() {
    return whole.substring(whole.lastIndexOf('.') + 1);
  }

  /** Without the type. */
  String stem() {
    int dot = whole.lastIndexOf('.');
    return dot < 0 ? whole : whole.substring(0, dot);
  }

  /** Mounts have their own facet; slices, scopes, devices come with what runs. */
  boolean isObserved() {
    return whole.lastIndexOf('.') > 0 && TYPES.contains(type());
  }

  boolean isTemplate() {
    return stem().endsWith("@");
  }

  boolean isInstance() {
    return stem().indexOf('@') >= 0 && !isTemplate();
  }

  /** The template of an instance. */
  Optional<UnitName> template() {
    return isInstance()
        ? Optional.of(new UnitName(stem().substring(0, stem().indexOf('@') + 1) + "." + type()))
        : Optional.empty();
  }

  /** Units that come and go with people who log in, or with devices. */
  boolean isOfSession() {
    return isInstance()
        && (whole.startsWith("user@")
            || whole.startsWith("user-runtime-dir@")
            || whole.startsWith("systemd-fsck@")
            || whole.startsWith("systemd-coredump@")
            || whole.startsWith("systemd-backlight@"));
  }
}
