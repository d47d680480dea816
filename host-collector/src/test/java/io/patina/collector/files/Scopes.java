package io.patina.collector.files;

import io.patina.facts.Facet;
import io.patina.scope.Glob;
import io.patina.scope.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Scopes for tests: every attribute of every file unless excluded. */
final class Scopes {
  static final Set<String> ATTRIBUTES =
      Set.of(
          "type",
          "mode",
          "uid",
          "gid",
          "size",
          "sha256",
          "target",
          "device",
          "flags",
          "capability",
          "acl",
          "acl-default",
          "xattrs");

  private Scopes() {}

  static Scope of(List<String> include, List<String> exclude, Set<String> attributes) {
    return new Scope(
        "test",
        EnumSet.of(Facet.FILE),
        include.stream().map(Glob::of).toList(),
        exclude.stream().map(Glob::of).toList(),
        List.of(new Scope.AttributeRule(Glob.of("/**"), attributes)),
        List.of());
  }

  static Scope everything() {
    return of(List.of("/**"), List.of(), ATTRIBUTES);
  }
}
