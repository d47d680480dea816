package io.patina.scope;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.manifest.Digest;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which facets, paths and attributes are observed. Immutable.
 *
 * @param name for people; not part of the digest
 * @param facets the facets observed
 * @param include paths observed; a path is in scope if one of these matches and no {@code exclude}
 * @param exclude paths left out, with all that is below them
 * @param attributes which attributes of a file are observed: the first rule that matches decides
 * @param sysctls globs over dotted sysctl names
 * @param crossing what the walk does where something is mounted
 */
public record Scope(
    String name,
    Set<Facet> facets,
    List<Glob> include,
    List<Glob> exclude,
    List<AttributeRule> attributes,
    List<Glob> sysctls,
    MountRules crossing) {

  /** A scope that leaves to the walk what it does where something is mounted. */
  public Scope(
      String name,
      Set<Facet> facets,
      List<Glob> include,
      List<Glob> exclude,
      List<AttributeRule> attributes,
      List<Glob> sysctls) {
    this(name, facets, include, exclude, attributes, sysctls, MountRules.NONE);
  }

  /** Attributes of the files that a glob matches. */
  public record AttributeRule(Glob glob, Set<String> names) {
    public AttributeRule {
      names = Set.copyOf(names);
    }
  }

  public Scope {
    EnumSet<Facet> copy = EnumSet.noneOf(Facet.class);
    copy.addAll(facets);
    facets = java.util.Collections.unmodifiableSet(copy);
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    attributes = List.copyOf(attributes);
    sysctls = List.copyOf(sysctls);
  }

  public boolean observes(Facet facet) {
    return facets.contains(facet);
  }

  /**
   * Whether the file at this absolute path is observed. Excluding a directory excludes what is in
   * it.
   */
  public boolean observesPath(ByteString path) {
    return any(include, path) && !excluded(path);
  }

  /** Whether the walk need enter this directory: something below it may be observed. */
  public boolean entersDirectory(ByteString directory) {
    if (any(exclude, directory)) {
      return false;
    }
    for (Glob g : exclude) {
      if (g.matchesAllBelow(directory)) {
        return false;
      }
    }
    for (Glob g : include) {
      if (g.mayMatchBelow(directory)) {
        return true;
      }
    }
    return false;
  }

  /** This scope for the names directly in a directory that {@link #entersDirectory} accepted. */
  public DirectoryScope in(ByteString directory) {
    return new DirectoryScope(this, directory);
  }

  /** Names of the attributes observed for the file at this path; empty if no rule matches. */
  public Set<String> attributesOf(ByteString path) {
    for (AttributeRule rule : attributes) {
      if (rule.glob().matches(path)) {
        return rule.names();
      }
    }
    return Set.of();
  }

  public boolean observesSysctl(String dotted) {
    return any(sysctls, ByteString.copyFromUtf8(dotted));
  }

  /**
   * The same scope with this attribute added to every rule; a digest only to those that read the
   * content anyway, that is, name {@link Attributes#SHA256}.
   */
  public Scope withAttribute(String attribute) {
    return new Scope(
        name,
        facets,
        include,
        exclude,
        attributes.stream().map(r -> with(r, attribute)).toList(),
        sysctls,
        crossing);
  }

  private static AttributeRule with(AttributeRule rule, String attribute) {
    if (attribute.equals(Attributes.MD5) && !rule.names().contains(Attributes.SHA256)) {
      return rule;
    }
    Set<String> names = new TreeSet<>(rule.names());
    names.add(attribute);
    return new AttributeRule(rule.glob(), names);
  }

  /** SHA-256 of {@link #canonical}: the scope's name on the wire. */
  public Digest digest() {
    return Digest.of(ByteString.copyFromUtf8(canonical()));
  }

  /** The scope as text of a fixed form: one rule per line, in the order that decides. */
  public String canonical() {
    StringBuilder out = new StringBuilder("patina scope 1\n");
    facets.forEach(f -> out.append("facet ").append(f.wireName()).append('\n'));
    include.forEach(g -> out.append("include ").append(line(g)).append('\n'));
    exclude.forEach(g -> out.append("exclude ").append(line(g)).append('\n'));
    attributes.forEach(
        r ->
            out.append("attributes ")
                .append(line(r.glob()))
                .append(' ')
                .append(r.names().stream().sorted().collect(Collectors.joining(",")))
                .append('\n'));
    sysctls.forEach(g -> out.append("sysctl ").append(line(g)).append('\n'));
    // Only what is said: a scope from before these rules keeps its digest.
    crossing.lines().forEach(l -> out.append(l).append('\n'));
    return out.toString();
  }

  /**
   * Whether every file below a directory that is in scope at all is in scope under this name: an
   * include rule takes them all. Excludes are wishes and stand under either name.
   */
  public boolean includesAllBelow(ByteString directory) {
    for (Glob g : include) {
      if (g.matchesAllBelow(directory)) {
        return true;
      }
    }
    return false;
  }

  /** A glob may hold a line break; its line here may not. */
  static String line(Glob glob) {
    return Escaped.text(glob.toString());
  }

  private boolean excluded(ByteString path) {
    if (any(exclude, path)) {
      return true;
    }
    for (int i = path.size() - 1; i > 0; i--) {
      if (path.byteAt(i) == '/' && any(exclude, path.substring(0, i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean any(List<Glob> globs, ByteString input) {
    for (Glob g : globs) {
      if (g.matches(input)) {
        return true;
      }
    }
    return false;
  }
}
