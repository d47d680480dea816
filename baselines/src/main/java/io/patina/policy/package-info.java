/**
 * Policies as data: which deviation is how bad, by CEL expressions in a YAML file.
 *
 * <p>{@link io.patina.policy.PolicyFile} reads the file, {@link io.patina.policy.CompiledPolicy}
 * type-checks and bounds its expressions and answers for one deviation, {@link
 * io.patina.policy.Weighing} adds the answers up to a verdict, and {@link io.patina.policy.CaseRun}
 * runs the cases that the file brings. The CEL library is known to the classes that begin with
 * {@code Cel} alone and is optional: the collector does not ship it.
 */
@NullMarked
package io.patina.policy;

import org.jspecify.annotations.NullMarked;
