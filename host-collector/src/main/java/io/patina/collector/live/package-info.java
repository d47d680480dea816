/**
 * From the first scan on: notices what changes and reports it.
 *
 * <p>A {@link io.patina.collector.live.Watching} notices paths as they change; {@link
 * io.patina.collector.live.FilePass} looks at them again and says what is there now; a rescan from
 * time to time is the net below. The other facets are read on a schedule. All of it meets on one
 * thread, in {@link io.patina.collector.live.LiveHost}, which alone holds the state. What is found
 * is always what was looked at after the notice, never what an event claimed.
 */
@NullMarked
package io.patina.collector.live;

import org.jspecify.annotations.NullMarked;
