package io.patina.engine.outbox;

import java.util.Map;

/**
 * A record on its way to Kafka.
 *
 * @param shard records of one shard leave in order
 * @param headers name to text
 */
@SuppressWarnings("ArrayRecordComponent") // written once, read once, never compared
public record Outgoing(
    int shard, String topic, byte[] key, Map<String, String> headers, byte[] payload) {}
