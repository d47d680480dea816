/**
 * What the collector and whoever supervises it say to each other.
 *
 * <p>{@link io.patina.collector.supervision.ServiceManager} tells systemd that the collector is
 * ready, reloads, stops, and is alive, by sd_notify(3); {@link
 * io.patina.collector.supervision.Signals} hears {@code SIGHUP} and {@code SIGUSR1}; {@link
 * io.patina.collector.supervision.HostShutdown} knows whether the whole host is going down.
 */
@NullMarked
package io.patina.collector.supervision;

import org.jspecify.annotations.NullMarked;
