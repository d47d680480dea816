/** What each installation is: reference manifest and overlay. */
@NullMarked
package io.patina.engine.state;

import org.jspecify.annotations.NullMarked;
