package io.patina.facts;

import java.util.Optional;

/** One thing that is true of a host: a key in a facet, and what is stated of it. */
public sealed interface Fact
    permits FileFact, PackageFact, KernelFact, UnitFact, MountFact, OsFact, Unrecognised {

  FactKey key();

  Attributes attributes();

  /**
   * The typed fact of a key and its attributes.
   *
   * @throws IllegalArgumentException if an attribute is not of its facet's form
   */
  static Fact of(FactKey key, Attributes attributes) {
    Optional<Facet> facet = Facet.named(key.facet());
    if (facet.isEmpty()) {
      return new Unrecognised(key, attributes);
    }
    return switch (facet.get()) {
      case FILE -> new FileFact(key, attributes);
      case PACKAGE -> new PackageFact(key, attributes);
      case KERNEL -> new KernelFact(key, attributes);
      case UNIT -> new UnitFact(key, attributes);
      case MOUNT -> new MountFact(key, attributes);
      case OS -> new OsFact(key, attributes);
    };
  }
}
