/**
 * The configuration of {@code patina collect}: every key once, with its default, its form and what
 * it means.
 *
 * <p>{@link io.patina.collector.settings.Setting} is the list; the documentation page is made from
 * it. {@link io.patina.collector.settings.CollectorSettings} is a file that was read and checked
 * whole: what is wrong is said at the start, all of it, with what to write instead.
 */
@NullMarked
package io.patina.collector.settings;

import org.jspecify.annotations.NullMarked;
