package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import io.patina.collector.inventory.Accounts;
import io.patina.collector.inventory.RealPaths;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Trait;

/** Where, and with which declared owner and mode, a listed path really is on the system. */
record Placement(
    Diversions diversions,
    StatOverrides overrides,
    PathFilters filters,
    Accounts accounts,
    RealPaths real) {

  /** The statement for a listed path, told that its content and kind are those of {@code as}. */
  ShippedPath place(ByteString listed, String packageName, ShippedPath as) {
    ByteString at = diversions.placed(listed, packageName);
    ShippedPath placed =
        new ShippedPath(
            real.of(at),
            as.owner(),
            as.kind(),
            as.digest(),
            as.mode(),
            as.uid(),
            as.gid(),
            as.size(),
            as.target(),
            as.device(),
            as.capability(),
            as.traits());
    if (filters.excludes(listed)) {
      placed = placed.with(Trait.OPTIONAL);
    }
    StatOverrides.StatOverride override = overrides.of(at).orElse(null);
    return override == null
        ? placed
        : placed.withPermissions(
            override.mode(),
            accounts.user(override.user()).orElse(null),
            accounts.group(override.group()).orElse(null));
  }
}
