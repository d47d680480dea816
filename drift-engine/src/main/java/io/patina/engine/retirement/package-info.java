/**
 * Hosts that are taken out of service.
 *
 * <p>A host retires by what its collector announces, or by a person's word, which {@link
 * io.patina.engine.retirement.Retirements} takes down and the owner of its partition carries out.
 * What is retired raises nothing; its history stays.
 */
@NullMarked
package io.patina.engine.retirement;

import org.jspecify.annotations.NullMarked;
