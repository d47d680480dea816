package io.patina.engine.deviations;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.scope.Glob;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an administrator overrides and enables units; systemd.unit(5). */
final class UnitPaths {

  private static final Glob ENABLEMENT =
      Glob.of("/{etc,run}/systemd/{system,user}/*.{wants,requires,upholds}{,/*}");

  private static final Glob OVERRIDE = Glob.of("/{etc,run}/systemd/{system,user}/**");

  /** What a masked unit's file points to. */
  private static final String MASKED = "/dev/null";

  /** A fragment, a drop-in below {@code NAME.d}, a link below {@code OTHER.wants}. */
  private static final Pattern FILE =
      Pattern.compile(
          "/(?:etc|run)/systemd/system/(?:([^/]+)\\.d/[^/]+|[^/]+\\.(?:wants|requires|upholds)/([^/]+)|([^/]+))");

  private UnitPaths() {}

  static Optional<Cause> cause(Difference difference) {
    ByteString path = difference.key().name();
    if (ENABLEMENT.matches(path)) {
      return Optional.of(Cause.ENABLEMENT);
    }
    if (!OVERRIDE.matches(path)) {
      return Optional.empty();
    }
    boolean masked =
        difference.actual().shown(Attributes.TARGET).filter(MASKED::equals).isPresent();
    return Optional.of(masked ? Cause.ENABLEMENT : Cause.UNIT_OVERRIDE);
  }

  /** The unit that a file is of; empty for other facts. */
  static Optional<String> unit(FactKey key) {
    if (!key.facet().equals(Facet.FILE.wireName())) {
      return Optional.empty();
    }
    Matcher file = FILE.matcher(key.name().toStringUtf8());
    if (!file.matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(file.group(1))
        .or(() -> Optional.ofNullable(file.group(2)))
        .or(() -> Optional.ofNullable(file.group(3)));
  }
}
