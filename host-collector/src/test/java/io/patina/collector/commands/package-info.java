/** Tests of the commands as a user runs them. */
@NullMarked
package io.patina.collector.commands;

import org.jspecify.annotations.NullMarked;
