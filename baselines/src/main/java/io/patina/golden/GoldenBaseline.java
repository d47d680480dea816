package io.patina.golden;

import io.patina.comparison.Comparer;
import io.patina.comparison.Expectation;
import io.patina.manifest.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a pool of hosts should be. Immutable; a change is a new version.
 *
 * @param name letters, digits, dots, dashes and underscores, 1 to 128
 * @param version likewise
 * @param manifest digest of the manifest that states the facts
 * @param scopes digests of the scopes under which hosts may be observed to be compared with it
 * @param exhaustive where a key that the manifest does not have is unexpected
 * @param expectations allowed exceptions, in the order that decides ({@link Comparer})
 * @param policy name of the policy that weighs deviations
 * @param policyText that policy as its author wrote it; empty for one that is built in
 * @param createdAt from 1970 to 9999
 * @param author who made it, for people: at most 512 characters, none of them a control character
 */
public record GoldenBaseline(
    String name,
    String version,
    Digest manifest,
    List<Digest> scopes,
    List<Expectation.Keys> exhaustive,
    List<Expectation> expectations,
    String policy,
    Optional<String> policyText,
    Selector selector,
    Instant createdAt,
    String author) {

  /** Largest policy that travels in a statement, in characters. */
  public static final int MAX_POLICY = 1 << 16;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  /** Longest name of an author, in characters. */
  public static final int MAX_AUTHOR = 512;

  // What a database can keep, and a clock could have said.
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  /** Most expectations, those of extended files included. */
  public static final int MAX_EXPECTATIONS = 10_000;

  public GoldenBaseline {
    if (expectations.size() > MAX_EXPECTATIONS) {
      throw new IllegalArgumentException(
          "a baseline has at most " + MAX_EXPECTATIONS + " expectations");
    }
    if (!NAME.matcher(name).matches() || !NAME.matcher(version).matches()) {
      throw new IllegalArgumentException(
          "name and version have 1 to 128 letters, digits, dots, dashes or underscores");
    }
    if (policyText.filter(t -> t.length() > MAX_POLICY).isPresent()) {
      throw new IllegalArgumentException("a policy has at most " + MAX_POLICY + " characters");
    }
    if (policy.length() > MAX_AUTHOR || policy.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the name of a policy has no control characters");
    }
    if (author.length() > MAX_AUTHOR || author.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "an author has at most " + MAX_AUTHOR + " characters, none of them a control character");
    }
    if (createdAt.isBefore(EARLIEST) || !createdAt.isBefore(LATEST)) {
      throw new IllegalArgumentException("createdAt is from 1970 to 9999");
    }
    scopes = List.copyOf(scopes);
    exhaustive = List.copyOf(exhaustive);
    expectations = List.copyOf(expectations);
  }

  /** A baseline with a policy that is built in. */
  public GoldenBaseline(
      String name,
      String version,
      Digest manifest,
      List<Digest> scopes,
      List<Expectation.Keys> exhaustive,
      List<Expectation> expectations,
      String policy,
      Selector selector,
      Instant createdAt,
      String author) {
    this(
        name,
        version,
        manifest,
        scopes,
        exhaustive,
        expectations,
        policy,
        Optional.empty(),
        selector,
        createdAt,
        author);
  }

  /**
   * The comparer that follows this baseline. Worth keeping: it puts the expectations in order. For
   * one host, give it the host's labels ({@link Comparer#labelled}).
   */
  public Comparer comparer() {
    return new Comparer(expectations, exhaustive);
  }
}
