package io.patina.engine.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ReportsConsumerTest {

  @Test
  void onlyTheBrokersTimeIsTaken() {
    assertEquals(Optional.empty(), ReportsConsumer.objection(of(TimestampType.LOG_APPEND_TIME)));
    for (TimestampType other :
        new TimestampType[] {TimestampType.CREATE_TIME, TimestampType.NO_TIMESTAMP_TYPE}) {
      String why = ReportsConsumer.objection(of(other)).orElseThrow();
      assertTrue(why.contains("offset 7 of partition 3 of reports"), why);
      assertTrue(why.contains("message.timestamp.type=LogAppendTime"), why);
    }
  }

  private static ConsumerRecord<byte[], byte[]> of(TimestampType type) {
    return new ConsumerRecord<>(
        "reports",
        3,
        7,
        0,
        type,
        0,
        0,
        new byte[0],
        new byte[0],
        new RecordHeaders(),
        Optional.empty());
  }
}
