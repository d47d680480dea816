package io.patina.facts;

import java.util.regex.Pattern;

/**
 * Something in scope that could not be observed. Neither clean nor drift.
 *
 * @param key the key, or the beginning of all keys concerned when {@code prefix}
 * @param prefix whether it stands for everything below the key
 * @param reason one of the constants here, or another lower-case word of a newer collector
 */
public record Gap(FactKey key, boolean prefix, String reason) {

  /** The reader lacks a privilege. */
  public static final String PERMISSION = "permission";

  /** The kernel answered with an error while reading. */
  public static final String IO_ERROR = "io-error";

  /** The file kept changing while it was read. */
  public static final String CHANGING = "changing";

  /** The kernel or this version cannot observe this. */
  public static final String UNSUPPORTED = "unsupported";

  /** A quota or a bound was reached. */
  public static final String LIMIT = "limit";

  /** The source is not of the form it should have. */
  public static final String MALFORMED = "malformed";

  /** The source that would tell is not there. */
  public static final String UNAVAILABLE = "unavailable";

  private static final Pattern REASON = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  public Gap {
    if (!REASON.matcher(reason).matches()) {
      throw new IllegalArgumentException("not a reason of a gap: " + Escaped.text(reason));
    }
  }
}
