/**
 * The message contract between collector and engine: how reports are signed and packed.
 *
 * <p>The messages themselves are in {@code patina.proto}; their Java is generated into {@code
 * io.patina.wire.v1}. Nothing is re-serialised in order to verify: {@link
 * io.patina.wire.ReportSignature} covers the payload bytes as sent plus a context string.
 */
@NullMarked
package io.patina.wire;

import org.jspecify.annotations.NullMarked;
