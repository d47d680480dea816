package io.patina.stack.fleetload;

import com.google.protobuf.ByteString;
import io.patina.manifest.Digest;
import io.patina.signing.SigningKey;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** Names of hosts that exist only as rows and reports: the same for the same number. */
final class SimulatedHosts {

  static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("patina bench fleet"));
  static final UUID INCARNATION = new UUID(0x62656e63685f666cL, 0x8565745f30303031L);

  /** One key for all of them: what is measured is the engine, not the making of keys. */
  static final SigningKey KEY = SigningKey.ofSeed(Digest.of(SCOPE.bytes()).bytes());

  /** Number of the last report that the tables have of them. */
  static final long SEQUENCE = 1;

  private SimulatedHosts() {}

  static UUID installation(int number) {
    Random random = new Random(0x5eed_0000_0000L + number);
    return new UUID(random.nextLong(), random.nextLong());
  }

  static UUID host(int number) {
    Random random = new Random(0x4057_0000_0000L + number);
    return new UUID(random.nextLong(), random.nextLong());
  }

  static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  static int partition(UUID installation, int partitions) {
    return BuiltInPartitioner.partitionForKey(bytes(installation), partitions);
  }
}
