/**
 * What people decided that is in force now, as one transaction sees it: {@link
 * io.patina.engine.inforce.InForceReader} reads it, {@link io.patina.engine.inforce.InForce} says
 * what of it a host is under.
 */
@NullMarked
package io.patina.engine.inforce;

import org.jspecify.annotations.NullMarked;
