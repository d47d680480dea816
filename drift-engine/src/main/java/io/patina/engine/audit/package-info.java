/**
 * What people decided: who, when, what and why.
 *
 * <p>{@link io.patina.engine.audit.AuditTable} appends an entry in the transaction of the decision
 * itself, so that there is none without the other; the database refuses to change or remove one.
 * {@link io.patina.engine.audit.AuditResource} lists them for auditors.
 */
@NullMarked
package io.patina.engine.audit;

import org.jspecify.annotations.NullMarked;
