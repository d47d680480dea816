package io.patina.engine.state;

import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which image a system is, as os-release(5) says it. A name alone, or a version alone, is none; nor
 * is the version of a distribution whose hosts are not made from images.
 */
public final class ImageIdentity {

  /** Distributions that come as images and say which one by {@code VERSION_ID} alone. */
  private static final Set<String> IMAGES_BY_VERSION =
      Set.of("flatcar", "coreos", "talos", "bottlerocket", "kairos");

  private static final int LONGEST = 200;

  private ImageIdentity() {}

  /**
   * {@code ID VERSION}, safe to print; empty if it is not complete.
   *
   * @param fact finds what is stated at a key
   */
  public static String of(Function<FactKey, Optional<Entry>> fact) {
    String image = field(fact, "IMAGE_ID");
    String version = field(fact, "IMAGE_VERSION");
    String id = field(fact, "ID");
    if (image.isEmpty() || version.isEmpty()) {
      image = id;
      version = field(fact, "OSTREE_VERSION");
    }
    if (version.isEmpty() && IMAGES_BY_VERSION.contains(id)) {
      version = field(fact, "VERSION_ID");
    }
    String variant = image.equals(id) ? field(fact, "VARIANT_ID") : "";
    return image.isEmpty() || version.isEmpty()
        ? ""
        : image + (variant.isEmpty() ? "" : "/" + variant) + " " + version;
  }

  /** Whether a key is among those that an identity is made of. */
  public static boolean isPart(FactKey key) {
    return key.facet().equals(Facet.OS.wireName());
  }

  private static String field(Function<FactKey, Optional<Entry>> fact, String name) {
    return fact.apply(FactKey.of(Facet.OS, name))
        .filter(e -> !e.isGap())
        .flatMap(e -> e.attributes().shown(Attributes.VALUE))
        .map(v -> Escaped.text(v.strip()))
        .filter(v -> v.length() <= LONGEST)
        .orElse("");
  }
}
