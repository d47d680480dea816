package io.patina.engine.catalogue;

import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Digest;
import java.time.Instant;

/**
 * A baseline, ready to be held against hosts.
 *
 * @param statement SHA-256 of the signed payload: its name everywhere
 * @param approvedAt when somebody agreed to it
 * @param precedence the higher goes first where several select a host
 * @param heldSince from when on hosts are held against it
 * @param measure the same, ready to be held against hosts
 */
public record Baseline(
    Digest statement,
    GoldenBaseline golden,
    Instant approvedAt,
    int precedence,
    Instant heldSince,
    Measure measure) {

  /** One that hosts are held against since it was approved. */
  public Baseline(Digest statement, GoldenBaseline golden, Instant approvedAt, int precedence) {
    this(statement, golden, approvedAt, precedence, approvedAt);
  }

  public Baseline(
      Digest statement,
      GoldenBaseline golden,
      Instant approvedAt,
      int precedence,
      Instant heldSince) {
    this(statement, golden, approvedAt, precedence, heldSince, new Measure(golden));
  }
}
