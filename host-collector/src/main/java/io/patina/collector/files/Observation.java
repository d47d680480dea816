package io.patina.collector.files;

import io.patina.facts.Entry;

/** What looking at one path gave. */
public sealed interface Observation {
  /**
   * Something is there.
   *
   * @param directory whether there may be more below it
   * @param version as {@link KnownVersions#version} names it
   */
  record Present(Entry entry, boolean directory, long version) implements Observation {}

  /**
   * What is there is what is known already.
   *
   * @param directory whether there may be more below it
   */
  record Unchanged(boolean directory) implements Observation {}

  /** Nothing is there. */
  record Absent() implements Observation {}

  /**
   * It could not be observed; the entry is a gap that says why.
   *
   * @param reason of the gap
   * @param mayHold whether it may be a directory, so that what is below it is missed too
   */
  record Missed(Entry gap, String reason, boolean mayHold) implements Observation {}
}
