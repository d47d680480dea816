/**
 * A real PostgreSQL on loopback, from binaries that come as a Maven artifact.
 *
 * <p>{@link io.patina.stack.database.PostgresBinaries} unpacks them once; {@link
 * io.patina.stack.database.Database} makes a cluster once and gives the command that runs the
 * server as a child of whoever wants it. Durable as PostgreSQL is by default: fsync and
 * synchronous_commit are on. Works as root (in a user namespace of its own, because PostgreSQL
 * refuses root) and as a plain user.
 */
@NullMarked
package io.patina.stack.database;

import org.jspecify.annotations.NullMarked;
