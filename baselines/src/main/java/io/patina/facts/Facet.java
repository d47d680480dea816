package io.patina.facts;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A family of facts that this version can read. Others travel as {@link Unrecognised}. */
public enum Facet {
  FILE,
  PACKAGE,
  KERNEL,
  UNIT,
  MOUNT,
  OS;

  private static final Map<String, Facet> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Facet::wireName, Function.identity()));

  /** The name on the wire, in the API and in scope files: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The facet of that name, or empty for one that a newer collector knows. */
  public static Optional<Facet> named(String wireName) {
    return Optional.ofNullable(BY_NAME.get(wireName));
  }
}
