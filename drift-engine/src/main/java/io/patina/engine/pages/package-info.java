/**
 * Pages for people: the fleet at a glance, hosts, one host, baselines.
 *
 * <p>{@link io.patina.engine.pages.PagesResource} reads through the room {@code fleet}, makes a
 * record per page ({@link io.patina.engine.pages.FleetPage}, {@link
 * io.patina.engine.pages.HostPage}, ...) in plain Java and lets Qute write it. Every text that a
 * host sent passes {@link io.patina.facts.Escaped} when its record is made, and Qute's HTML
 * escaping when it is written. Pages can be read without script; {@link
 * io.patina.engine.pages.LiveResource} tells open ones what changed.
 */
@NullMarked
package io.patina.engine.pages;

import org.jspecify.annotations.NullMarked;
