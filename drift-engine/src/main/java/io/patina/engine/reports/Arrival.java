package io.patina.engine.reports;

import com.google.protobuf.ByteString;
import java.time.Instant;

/**
 * A record as it came.
 *
 * @param key empty if it has none
 * @param value empty if it has none
 * @param at broker's append time
 */
public record Arrival(int part, long offset, Instant at, ByteString key, ByteString value) {}
