/**
 * Real Debian hosts for tests: one root tree made once and kept, per host an overlay over it, a
 * network namespace with nothing but loopback, a control group, and systemd as process 1 under
 * systemd-nspawn.
 *
 * <p>{@link io.patina.endtoend.hosts.DebianHost} is a running host; closing it removes every trace.
 * {@link io.patina.endtoend.hosts.DebianImage} makes an image that such hosts can be said to be of.
 * {@link io.patina.endtoend.hosts.Doorway} lets programs inside reach a port of this machine.
 */
@NullMarked
package io.patina.endtoend.hosts;

import org.jspecify.annotations.NullMarked;
