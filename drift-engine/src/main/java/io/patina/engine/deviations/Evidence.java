package io.patina.engine.deviations;

import java.util.Optional;

/**
 * Why a deviation is thought to have come about, and what says so.
 *
 * @param because what the cause rests on, for people; safe to print, at most {@link #MOST_TEXT}
 *     characters; empty where the cause follows from what differs
 * @param actor whose doing it is, as far as groups go: a pod, a login, a tool; empty for nobody
 * @param writer the process that wrote last, if the host knew
 */
public record Evidence(Cause cause, String because, String actor, Optional<WrittenBy> writer) {

  private static final int MOST_TEXT = 1024;

  /** Nobody knows more. */
  public static Evidence of(Cause cause) {
    return new Evidence(cause, "", "", Optional.empty());
  }

  public Evidence {
    because = cut(because);
    actor = cut(actor);
  }

  /** Of something else that the same hand did. */
  Evidence of(String why) {
    return new Evidence(cause, why, actor, writer);
  }

  Evidence withoutWriter() {
    return writer.isEmpty() ? this : new Evidence(cause, because, actor, Optional.empty());
  }

  /** Deviations of one cause and actor at one time are one group. */
  String kin() {
    return cause.wireName() + '\0' + actor;
  }

  private static String cut(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
  }
}
