package io.patina.engine.catalogue;

import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Digest;
import java.time.Instant;

/**
 * An active baseline.
 *
 * @param statement SHA-256 of the signed payload: its name everywhere
 * @param approvedAt from when on hosts are held against it
 * @param precedence the higher goes first where several select a host
 * @param measure the same, ready to be held against hosts
 */
public record Baseline(
    Digest statement, GoldenBaseline golden, Instant approvedAt, int precedence, Measure measure) {

  public Baseline(Digest statement, GoldenBaseline golden, Instant approvedAt, int precedence) {
    this(statement, golden, approvedAt, precedence, new Measure(golden));
  }
}
