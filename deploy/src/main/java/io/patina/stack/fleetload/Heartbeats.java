package io.patina.stack.fleetload;

import com.google.protobuf.ByteString;
import io.patina.fingerprint.Fingerprint;
import io.patina.wire.Payloads;
import io.patina.wire.ReportSignature;
import io.patina.wire.Topics;
import io.patina.wire.v1.Heartbeat;
import io.patina.wire.v1.Moment;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends signed heartbeats of simulated hosts, one after the other, at a rate. */
final class Heartbeats implements AutoCloseable {

  private final KafkaProducer<byte[], byte[]> producer;
  private final int drifting;
  private final int hosts;
  private final Fingerprint first;
  private final Fingerprint second;
  private final double rate;
  private final AtomicLong sent = new AtomicLong();
  private final Thread thread;
  private volatile boolean ended;

  /**
   * Begins.
   *
   * @param drifting hosts below this number report the first fingerprint, the others the second
   * @param rate heartbeats a second
   */
  Heartbeats(
      String bootstrapServers,
      int drifting,
      int hosts,
      Fingerprint first,
      Fingerprint second,
      double rate) {
    this.drifting = drifting;
    this.hosts = hosts;
    this.first = first;
    this.second = second;
    this.rate = rate;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "20", "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.thread = Thread.ofPlatform().name("heartbeats").daemon(true).start(this::run);
  }

  long sent() {
    return sent.get();
  }

  private void run() {
    long begun = System.nanoTime();
    for (long n = 0; !ended; n++) {
      long due = begun + (long) (n * 1e9 / rate);
      long early = due - System.nanoTime();
      if (early > 0) {
        LockSupport.parkNanos(early);
      }
      int host = (int) (n % hosts);
      UUID id = SimulatedHosts.installation(host);
      var unused =
          producer.send(
              new ProducerRecord<>(
                  Topics.REPORTS,
                  SimulatedHosts.bytes(id),
                  report(id, host < drifting ? first : second, n / hosts).toByteArray()),
              (at, failure) -> {
                if (failure == null) {
                  sent.incrementAndGet();
                }
              });
    }
    producer.flush();
  }

  private static Report report(UUID id, Fingerprint fingerprint, long round) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    Heartbeat heartbeat =
        Heartbeat.newBuilder()
            .setMoment(Moment.newBuilder().setWallMicros(micros).setBoottimeMicros(micros % 1000))
            .setFingerprint(fingerprint.bytes())
            .setIntervalSeconds(300)
            .build();
    return ReportSignature.sign(
        Report.newBuilder()
            .setVersion(1)
            .setInstallation(ByteString.copyFrom(SimulatedHosts.bytes(id)))
            .setIncarnation(ByteString.copyFrom(SimulatedHosts.bytes(SimulatedHosts.INCARNATION)))
            .setSequence(SimulatedHosts.SEQUENCE + 1 + round)
            .setKind(ReportKind.HEARTBEAT)
            .setScope(SimulatedHosts.SCOPE.bytes())
            .setPayload(Payloads.pack(heartbeat.toByteString())),
        SimulatedHosts.KEY);
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }
}
