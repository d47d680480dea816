/**
 * Who this collector is: one installation, one running instance, one start.
 *
 * <p>{@link io.patina.collector.identity.StateDirectory} holds everything that outlives a start and
 * the lock that keeps a second instance away; {@link io.patina.collector.identity.Installation} is
 * the random id and the Ed25519 key, which {@code KeyRotation} can replace; {@link
 * io.patina.collector.identity.TokenFile} holds what lets it into a fleet; {@link
 * io.patina.collector.identity.HostClock} says when something happened by this host's clocks.
 */
@NullMarked
package io.patina.collector.identity;

import org.jspecify.annotations.NullMarked;
