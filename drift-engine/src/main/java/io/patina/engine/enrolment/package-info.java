/**
 * Who may speak for which host, and how a host is named, pooled and labelled.
 *
 * <p>{@link io.patina.engine.enrolment.Admissions} decides, in the transaction of ingest, about an
 * installation that nobody knows: by a grant of a person, by the proof of an enrolment token, or by
 * what {@link io.patina.engine.enrolment.EnrolmentConfig} says of keys seen for the first time.
 * {@link io.patina.engine.enrolment.EnrolmentTokens} makes the tokens. {@link
 * io.patina.engine.enrolment.Decisions} is what persons decide about installations and hosts: each
 * takes the turn of the partition's owner, so that it counts from the next report on, and is in the
 * audit history.
 */
@NullMarked
package io.patina.engine.enrolment;

import org.jspecify.annotations.NullMarked;
