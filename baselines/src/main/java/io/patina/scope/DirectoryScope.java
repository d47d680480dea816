package io.patina.scope;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Set;

/**
 * A scope as seen from inside one directory that the walk has entered: only the rules that can
 * still decide anything there. A walk asks for each of a hundred thousand names; most directories
 * leave nothing to ask.
 */
public final class DirectoryScope {

  private final boolean allIncluded;
  private final List<Glob> include;
  private final List<Glob> exclude;
  private final List<Scope.AttributeRule> attributes;
  private final boolean oneRule;

  DirectoryScope(Scope scope, ByteString directory) {
    this.allIncluded = scope.include().stream().anyMatch(g -> g.matchesAllBelow(directory));
    this.include = scope.include().stream().filter(g -> g.mayMatchBelow(directory)).toList();
    this.exclude = scope.exclude().stream().filter(g -> g.mayMatchBelow(directory)).toList();
    this.attributes =
        scope.attributes().stream().filter(r -> r.glob().mayMatchBelow(directory)).toList();
    this.oneRule = !attributes.isEmpty() && attributes.getFirst().glob().matchesAllBelow(directory);
  }

  /** As {@link Scope#observesPath}, for a path directly in this directory. */
  public boolean observes(ByteString path) {
    return (allIncluded || any(include, path)) && !any(exclude, path);
  }

  /** As {@link Scope#entersDirectory}, for a path directly in this directory. */
  public boolean enters(ByteString path) {
    for (Glob g : exclude) {
      if (g.matches(path) || g.matchesAllBelow(path)) {
        return false;
      }
    }
    if (allIncluded) {
      return true;
    }
    for (Glob g : include) {
      if (g.mayMatchBelow(path)) {
        return true;
      }
    }
    return false;
  }

  /** As {@link Scope#attributesOf}, for a path directly in this directory. */
  public Set<String> attributesOf(ByteString path) {
    if (oneRule) {
      return attributes.getFirst().names();
    }
    for (Scope.AttributeRule rule : attributes) {
      if (rule.glob().matches(path)) {
        return rule.names();
      }
    }
    return Set.of();
  }

  private static boolean any(List<Glob> globs, ByteString path) {
    for (Glob g : globs) {
      if (g.matches(path)) {
        return true;
      }
    }
    return false;
  }
}
