/** From deviations to verdict and recommendation. */
@NullMarked
package io.patina.engine.judge;

import org.jspecify.annotations.NullMarked;
