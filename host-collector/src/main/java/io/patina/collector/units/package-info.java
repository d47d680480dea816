/**
 * The units of systemd as facts: what is installed, enabled, masked, dropped in, and how it runs.
 *
 * <p>{@link UnitProbe} is the door. {@code UnitFiles} reads the unit directories of any root;
 * {@code SystemdBus} asks a running manager by D-Bus for what files cannot say; {@code UnitFacts}
 * puts both together and leaves out what changes on an idle host: transient units, sessions, the
 * comings and goings of what timers, sockets and paths start.
 */
@NullMarked
package io.patina.collector.units;

import org.jspecify.annotations.NullMarked;
