package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.FactKey;
import io.patina.scope.Glob;
import java.util.Set;

/** An allowed exception to "exactly the manifest". */
public sealed interface Expectation {

  Keys keys();

  /** Why, for people. */
  String reason();

  /** The keys of a facet that a glob matches. */
  record Keys(String facet, Glob glob) {
    public boolean contains(FactKey key) {
      return contains(key.facet(), key.name());
    }

    private boolean contains(String facetName, ByteString name) {
      return facet.equals(facetName) && glob.matches(name);
    }
  }

  /** These facts may be as they are, or not be. */
  record Ignored(Keys keys, String reason) implements Expectation {}

  /** These attributes may be as they are; the fact itself is expected as stated. */
  record IgnoredAttributes(Keys keys, Set<String> attributes, String reason)
      implements Expectation {
    public IgnoredAttributes {
      attributes = Set.copyOf(attributes);
    }
  }

  /** These facts must not be, exhaustive or not. */
  record Absent(Keys keys, String reason) implements Expectation {}
}
