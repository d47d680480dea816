/**
 * Who may ask what over HTTP.
 *
 * <p>{@link io.patina.engine.access.Gate} is the pure decision about one request, by the table in
 * {@code Permissions}; {@link io.patina.engine.access.GateFilter} puts it before everything that
 * the HTTP server serves, pages, API, metrics and assets alike, and adds the security headers. Who
 * asks is known by the token file, by a token that {@link io.patina.engine.access.Tokens} made
 * (only its digest is kept) or by the identity provider. No token is ever logged.
 */
@NullMarked
package io.patina.engine.access;

import org.jspecify.annotations.NullMarked;
