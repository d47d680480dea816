/**
 * Digests of sets of facts that follow a change in constant time.
 *
 * <p>One way in: {@link io.patina.fingerprint.LtHash16} adds and removes entries; a {@link
 * io.patina.fingerprint.Fingerprint} is its 32-byte name.
 */
@NullMarked
package io.patina.fingerprint;

import org.jspecify.annotations.NullMarked;
