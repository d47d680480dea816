/**
 * Waivers: exceptions for a time that one person asks for and another approves.
 *
 * <p>{@link io.patina.engine.waivers.Waiver} says what it matches and whether it is in force;
 * {@link io.patina.engine.waivers.Waivers} takes one from step to step, each in one transaction
 * with its place in the audit history. What it changes on hosts is done where hosts are judged.
 */
@NullMarked
package io.patina.engine.waivers;

import org.jspecify.annotations.NullMarked;
