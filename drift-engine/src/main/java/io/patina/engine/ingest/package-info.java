/** Reads signed reports from Kafka and applies each exactly once. */
@NullMarked
package io.patina.engine.ingest;

import org.jspecify.annotations.NullMarked;
