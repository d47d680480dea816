/**
 * The life of a baseline: draft, approved, rolling out, active, superseded, retired.
 *
 * <p>{@link io.patina.engine.life.Stage} and {@link io.patina.engine.life.Step} say which step
 * leads where. {@link io.patina.engine.life.Life} takes one: under the catalogue's lock it looks at
 * the stage, at who wrote it, and at whether hosts would find two that are equally for them, then
 * moves it, takes the next catalogue revision and appends to the audit history, all in one
 * transaction.
 */
@NullMarked
package io.patina.engine.life;

import org.jspecify.annotations.NullMarked;
