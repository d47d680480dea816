/**
 * A real broker that lets nobody in without credentials: TLS on every listener, SCRAM, OAUTHBEARER
 * or client certificates, and an authorizer.
 *
 * <p>{@link io.patina.endtoend.secured.SecuredBroker} runs in this JVM; {@link
 * io.patina.endtoend.secured.Certificates} makes keys with keytool; {@link
 * io.patina.endtoend.secured.TokenEndpoint} issues signed tokens on loopback; {@link
 * io.patina.endtoend.secured.SecuredCollector} is the collector's own process.
 */
@NullMarked
package io.patina.endtoend.secured;

import org.jspecify.annotations.NullMarked;
