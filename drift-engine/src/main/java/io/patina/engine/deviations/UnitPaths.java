package io.patina.engine.deviations;

import com.google.protobuf.ByteString;
import io.patina.scope.Glob;
import java.util.Optional;

/** Where an administrator overrides and enables units; systemd.unit(5). */
final class UnitPaths {

  private static final Glob ENABLEMENT =
      Glob.of("/{etc,run}/systemd/{system,user}/*.{wants,requires,upholds}{,/*}");

  private static final Glob OVERRIDE = Glob.of("/{etc,run}/systemd/{system,user}/**");

  private UnitPaths() {}

  static Optional<Cause> cause(ByteString path) {
    if (ENABLEMENT.matches(path)) {
      return Optional.of(Cause.ENABLEMENT);
    }
    return OVERRIDE.matches(path) ? Optional.of(Cause.UNIT_OVERRIDE) : Optional.empty();
  }
}
