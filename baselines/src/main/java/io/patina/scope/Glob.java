package io.patina.scope;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern over raw bytes, usually paths.
 *
 * <p>{@code ?} is one byte other than {@code /}; {@code *} any number of them; {@code **} any
 * bytes; {@code [a-z]} and {@code [!a-z]} one byte of (not of) a set, never {@code /}; {@code
 * {a,b}} either; {@code \} takes the next byte as it is, in a set too. A pattern that ends in
 * {@code /**} also matches the directory before it. Matching takes at most pattern length times
 * input length steps.
 */
public final class Glob {

  /** Longest pattern, in bytes, and most alternatives that braces may expand to. */
  public static final int MAX_PATTERN = 4096;

  private static final int MAX_ALTERNATIVES = 256;

  private final String pattern;
  private final List<Branch> branches;

  private Glob(String pattern, List<Branch> branches) {
    this.pattern = pattern;
    this.branches = branches;
  }

  /**
   * Compiles a pattern.
   *
   * @throws IllegalArgumentException if it is not one; the message says where
   */
  public static Glob of(String pattern) {
    ByteString bytes = ByteString.copyFromUtf8(pattern);
    if (bytes.isEmpty() || bytes.size() > MAX_PATTERN) {
      throw new IllegalArgumentException("a glob has 1 to " + MAX_PATTERN + " bytes");
    }
    List<Branch> branches = new ArrayList<>();
    for (String alternative : GlobBraces.expand(pattern, MAX_ALTERNATIVES)) {
      List<GlobSteps.Step> steps = GlobSteps.parse(alternative);
      branches.add(Branch.of(steps));
      int n = steps.size();
      if (n > 2 && steps.get(n - 1).isAnything() && steps.get(n - 2).isSlash()) {
        branches.add(Branch.of(steps.subList(0, n - 2)));
      }
    }
    return new Glob(pattern, List.copyOf(branches));
  }

  public boolean matches(ByteString input) {
    for (Branch b : branches) {
      if (b.matches(input)) {
        return true;
      }
    }
    return false;
  }

  /** Whether something below this directory (no trailing slash, "/" for the root) could match. */
  public boolean mayMatchBelow(ByteString directory) {
    ByteString start = directory.endsWith(SLASH) ? directory : directory.concat(SLASH);
    for (Branch b : branches) {
      if (b.mayContinue(start)) {
        return true;
      }
    }
    return false;
  }

  /** Whether everything below this directory matches. False where that is not certain. */
  public boolean matchesAllBelow(ByteString directory) {
    ByteString start = directory.endsWith(SLASH) ? directory : directory.concat(SLASH);
    for (Branch b : branches) {
      if (b.acceptsAll(start)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The bytes with which whatever matches begins: at least one of these. Worth an index over many
   * globs; an empty one among them says nothing.
   */
  public List<ByteString> beginnings() {
    return branches.stream().map(Branch::literal).toList();
  }

  /** The inputs that match, if it names them one by one; empty if there is a wildcard in it. */
  public List<ByteString> names() {
    return branches.stream().allMatch(b -> b.rest().isEmpty()) ? beginnings() : List.of();
  }

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  @Override
  public boolean equals(Object other) {
    return other instanceof Glob that && pattern.equals(that.pattern);
  }

  @Override
  public int hashCode() {
    return pattern.hashCode();
  }

  @Override
  public String toString() {
    return pattern;
  }

  /** One alternative: a literal beginning that is compared first, then steps. */
  private record Branch(ByteString literal, GlobStates rest) {

    static Branch of(List<GlobSteps.Step> steps) {
      int n = 0;
      while (n < steps.size()
          && !steps.get(n).repeated()
          && steps.get(n).bytes().cardinality() == 1) {
        n++;
      }
      byte[] literal = new byte[n];
      for (int i = 0; i < n; i++) {
        literal[i] = (byte) steps.get(i).bytes().nextSetBit(0);
      }
      return new Branch(
          ByteString.copyFrom(literal), new GlobStates(steps.subList(n, steps.size())));
    }

    boolean matches(ByteString input) {
      return input.startsWith(literal)
          && (rest.isEmpty() ? input.size() == literal.size() : rest.ends(input, literal.size()));
    }

    boolean mayContinue(ByteString start) {
      if (start.size() <= literal.size()) {
        return literal.startsWith(start) && (literal.size() > start.size() || !rest.isEmpty());
      }
      return start.startsWith(literal) && rest.continues(start, literal.size());
    }

    boolean acceptsAll(ByteString start) {
      return start.startsWith(literal) && rest.takesAnything(start, literal.size());
    }
  }
}
