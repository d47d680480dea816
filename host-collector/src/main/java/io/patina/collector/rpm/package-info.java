/**
 * The rpm database, read without running rpm.
 *
 * <p>{@link io.patina.collector.rpm.RpmDatabase} finds the databases of a root; a {@code
 * HeaderSource} fetches header blobs from one backend (sqlite, ndb); {@code RpmHeader} takes a blob
 * apart within bounds, {@code HeaderFiles} says what it ships. Formats: rpm's {@code docs/manual}
 * (format_header, tags), {@code lib/header.c}, {@code lib/verify.c} and {@code
 * lib/backend/ndb/rpmpkg.c}.
 */
@NullMarked
package io.patina.collector.rpm;

import org.jspecify.annotations.NullMarked;
