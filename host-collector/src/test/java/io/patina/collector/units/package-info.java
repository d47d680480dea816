/** Tests of unit directories and what a manager says. */
@NullMarked
package io.patina.collector.units;

import org.jspecify.annotations.NullMarked;
