/** Signed HTTP calls on changes of verdict. */
@NullMarked
package io.patina.engine.webhooks;

import org.jspecify.annotations.NullMarked;
