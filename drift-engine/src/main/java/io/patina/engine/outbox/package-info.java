/** Events on their way to Kafka. */
@NullMarked
package io.patina.engine.outbox;

import org.jspecify.annotations.NullMarked;
