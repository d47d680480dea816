package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import io.patina.scope.Glob;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** An allowed exception to "exactly the manifest". */
public sealed interface Expectation {

  /** Longest reason, in characters. */
  int MAX_REASON = 1000;

  Keys keys();

  /** Why, for people. */
  String reason();

  /** The keys of a facet that a glob matches. */
  record Keys(String facet, Glob glob) {
    public Keys {
      // Refuses what is no facet's name.
      var unused = new FactKey(facet, ByteString.copyFromUtf8("x"));
    }

    public boolean contains(FactKey key) {
      return contains(key.facet(), key.name());
    }

    private boolean contains(String facetName, ByteString name) {
      return facet.equals(facetName) && glob.matches(name);
    }
  }

  /** Whether the facts of an expectation have to be. */
  enum Presence {
    /** As the manifest says. */
    STATED,
    /** Each fact that the glob names must be, whatever the manifest says. */
    REQUIRED,
    /** They may be or not be. */
    OPTIONAL;

    /** The word in a signed statement. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
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

  /** These attributes must be so, whatever the manifest says of them. */
  record Values(
      Keys keys, Presence presence, SortedMap<String, Constraint> attributes, String reason)
      implements Expectation {
    public Values {
      if (presence == Presence.REQUIRED && keys.glob().names().isEmpty()) {
        throw new IllegalArgumentException("a glob with wildcards names nothing that must be");
      }
      for (String name : attributes.keySet()) {
        if (name.isEmpty()
            || name.length() > Attributes.MAX_NAME
            || Attributes.isAnnotation(name)) {
          throw new IllegalArgumentException("not the name of an attribute that is compared");
        }
      }
      if (reason.length() > MAX_REASON) {
        throw new IllegalArgumentException("a reason has at most " + MAX_REASON + " characters");
      }
      attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    /** Shorthand for one attribute. */
    public static Values of(
        Keys keys, Presence presence, String attribute, Constraint must, String reason) {
      return new Values(keys, presence, new TreeMap<>(Map.of(attribute, must)), reason);
    }
  }
}
