package io.patina.engine.state;

import java.time.Instant;

/**
 * Whether what is kept of an installation is what the installation is.
 *
 * @param reason why it is out of sync, for people; empty otherwise
 */
public record Sync(Kind kind, Instant since, String reason) {

  /** How far it is proven. */
  public enum Kind {
    /** No snapshot has been complete yet. */
    NEW("new"),
    /** The fingerprint of what is kept equals the one reported. */
    PROVEN("proven"),
    /** Something is missing: the last proven verdict stands for a while, marked. */
    OUT_OF_SYNC("out-of-sync");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    /** The word in the table and the API. */
    public String wireName() {
      return wireName;
    }

    /** The kind of that word. */
    public static Kind named(String wireName) {
      for (Kind kind : values()) {
        if (kind.wireName.equals(wireName)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of sync: " + wireName);
    }
  }
}
