/**
 * Collectors that exist only as their reports: what they say is chosen by a seed, so that a run can
 * be repeated and its outcome computed without the engine.
 *
 * <p>{@link io.patina.endtoend.reports.SimulatedInstallation} makes reports as a collector does,
 * {@link io.patina.endtoend.reports.DriftScript} decides what happens on its host, {@link
 * io.patina.endtoend.reports.ExpectedHistory} knows the intervals that must come of it, {@link
 * io.patina.endtoend.reports.ReportTopic} sends and reads back, {@link
 * io.patina.endtoend.reports.HostileRecord} lists what must never be accepted.
 */
@NullMarked
package io.patina.endtoend.reports;

import org.jspecify.annotations.NullMarked;
