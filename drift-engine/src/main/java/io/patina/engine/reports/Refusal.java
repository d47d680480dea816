package io.patina.engine.reports;

import java.util.Locale;

/** Why a record is not acceptable. */
public enum Refusal {
  /** Larger than any report. */
  OVERSIZE,
  /** Not a report: not the protobuf message, a wrong length, an impossible value. */
  MALFORMED,
  /** The payload is not one bounded zstd frame, or not the message its kind names. */
  MALFORMED_PAYLOAD,
  UNKNOWN_VERSION,
  UNKNOWN_KIND,
  /** The record's key is not the installation that the report names. */
  KEY_MISMATCH,
  /** Not in the partition that its key belongs to. */
  WRONG_PARTITION,
  BAD_SIGNATURE,
  /** Rightly signed, by another key than this installation's. */
  FOREIGN_KEY,
  /** Nobody has let this installation in. */
  NOT_ENROLLED,
  /** A person takes no more reports of this installation. */
  REVOKED,
  /** Its host has a later life. */
  REPLACED,
  /** A report of an earlier start of the collector that was taken before. */
  REPLAYED,
  /** Two live machines under one identity, or one that went back in time. */
  IDENTITY_CONFLICT,
  /** The database refused rows of this host. */
  DATA_ERROR;

  /** The word in headers, metrics and the API: lower case with dashes. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
