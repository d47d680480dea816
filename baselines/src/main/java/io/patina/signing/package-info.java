/**
 * Keys, signatures and signed envelopes.
 *
 * <p>{@link io.patina.signing.SigningKey} and {@link io.patina.signing.PublicKey} are Ed25519 (RFC
 * 8032); {@link io.patina.signing.Envelope} is DSSE; {@link io.patina.signing.TrustRoots} says
 * whose signatures count and when; {@link io.patina.signing.DetachedSignature} is minisign's and
 * ssh-keygen's. Bytes are verified before anything parses them.
 */
@NullMarked
package io.patina.signing;

import org.jspecify.annotations.NullMarked;
