/**
 * Who may ask what over HTTP.
 *
 * <p>{@link io.patina.engine.access.Gate} is the pure decision about one request; {@link
 * io.patina.engine.access.GateFilter} puts it before everything that the HTTP server serves, pages,
 * API, metrics and assets alike, and adds the security headers. The token is read from a file,
 * compared in constant time and never logged.
 */
@NullMarked
package io.patina.engine.access;

import org.jspecify.annotations.NullMarked;
