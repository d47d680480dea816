/**
 * Who may speak for which host, asked of the engine and decided there.
 *
 * <p>{@link io.patina.collector.hosts.HostCommand} is the door. {@code TokenCommands} make and
 * revoke enrolment tokens, {@code DecisionCommand} is one decision about an installation or a host,
 * {@code ListCommand} shows who waits for one.
 */
@NullMarked
package io.patina.collector.hosts;

import org.jspecify.annotations.NullMarked;
