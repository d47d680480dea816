/**
 * Reads the topic of reports: the one room that polls Kafka for them.
 *
 * <p>{@link io.patina.engine.reading.IngestLoop} has a thread that reads for as long as the topic
 * is the one that the offsets belong to; what it polls is decoded and handed to {@link
 * io.patina.engine.ingest.Slices}, partition by partition, and in between time has its turn. {@link
 * io.patina.engine.reading.Positions} finds where a partition goes on and writes down what the log
 * has lost; {@link io.patina.engine.reading.BrokerLine} knows since when hosts can be heard; {@link
 * io.patina.engine.reading.IngestStatus} says what reading waits for.
 */
@NullMarked
package io.patina.engine.reading;

import org.jspecify.annotations.NullMarked;
