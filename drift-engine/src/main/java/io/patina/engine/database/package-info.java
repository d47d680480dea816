/**
 * The way to PostgreSQL: the schema, transactions, and what a failure of SQL means.
 *
 * <p>{@link io.patina.engine.database.Schema} brings the tables up to date once the database
 * answers; {@link io.patina.engine.database.Transactions} runs work in one transaction over plain
 * JDBC; {@link io.patina.engine.database.SqlFailure} tells lost infrastructure from wrong data.
 */
@NullMarked
package io.patina.engine.database;

import org.jspecify.annotations.NullMarked;
