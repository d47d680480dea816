/**
 * Signed HTTP calls when a host's verdict changes: Standard Webhooks headers around a CloudEvent.
 *
 * <p>{@link io.patina.engine.webhooks.WebhookTable} takes events within the transaction that caused
 * them; {@link io.patina.engine.webhooks.WebhookSender} calls the one receiver, tries again with
 * growing pauses, and keeps one host's calls in order. {@link
 * io.patina.engine.webhooks.WebhookSignature} signs.
 */
@NullMarked
package io.patina.engine.webhooks;

import org.jspecify.annotations.NullMarked;
