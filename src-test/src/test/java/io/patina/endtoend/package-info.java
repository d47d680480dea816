/**
 * The whole line on real parts: broker, database, engine and collector as processes, Debian hosts
 * with their own systemd. What is shown here cannot be shown by one module alone.
 *
 * <p>Rooms: {@link io.patina.endtoend.line} runs the parts and asks the API, {@link
 * io.patina.endtoend.reports} speaks to the engine as collectors do (also as broken or hostile ones
 * do) and knows what it must answer, {@link io.patina.endtoend.hosts} boots hosts.
 */
@NullMarked
package io.patina.endtoend;

import org.jspecify.annotations.NullMarked;
