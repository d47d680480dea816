/**
 * Maintenance: times in which what happens to hosts is recorded and not told.
 *
 * <p>{@link io.patina.engine.maintenance.Maintenances} begins and ends them; {@link
 * io.patina.engine.maintenance.HeldTable} keeps what was not told, so that what is still so at the
 * end can be.
 */
@NullMarked
package io.patina.engine.maintenance;

import org.jspecify.annotations.NullMarked;
