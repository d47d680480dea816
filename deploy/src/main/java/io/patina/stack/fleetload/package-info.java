/**
 * A large fleet that exists only in the tables and in its reports, to measure the engine with.
 *
 * <p>{@link io.patina.stack.fleetload.SeededTables} writes hosts and their deviations with COPY as
 * ingest would have left them, {@link io.patina.stack.fleetload.Heartbeats} sends what they report,
 * {@link io.patina.stack.fleetload.Questions} asks pages and API, and {@link
 * io.patina.stack.fleetload.FleetMeasurement} does all of it and prints what it found.
 */
@NullMarked
package io.patina.stack.fleetload;

import org.jspecify.annotations.NullMarked;
