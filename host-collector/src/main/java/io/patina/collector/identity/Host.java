package io.patina.collector.identity;

import com.google.protobuf.ByteString;
import io.patina.manifest.Digest;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What the observed host says of itself: asserted, for display and search. */
public final class Host {
  private Host() {}

  /**
   * Reads name and machine id.
   *
   * @param root of the observed system
   * @param labels name to value, from the configuration
   * @param starts see {@link StateDirectory#countStart}
   */
  public static HostIdentity read(
      Path root, Map<String, String> labels, String version, long starts) {
    HostIdentity.Builder host =
        HostIdentity.newBuilder().setCollectorVersion(version).setStarts(starts);
    boolean live = root.equals(Path.of("/"));
    host.setHostname(
        line(Path.of("/proc/sys/kernel/hostname"))
            .filter(n -> live)
            .or(() -> line(root.resolve("etc/hostname")))
            .orElse("localhost"));
    labels.forEach(
        (name, value) -> host.addLabels(Label.newBuilder().setName(name).setValue(value)));
    // Only a digest leaves the host: machine-id(5) asks that the id itself be kept confidential.
    line(root.resolve("etc/machine-id")).ifPresent(id -> host.setMachine(machine(id).bytes()));
    return host.build();
  }

  static Digest machine(String machineId) {
    return Digest.of(ByteString.copyFromUtf8("patina machine-id" + machineId));
  }

  private static Optional<String> line(Path file) {
    try {
      return Optional.of(SmallFile.read(file)).filter(l -> !l.isEmpty());
    } catch (IOException e) {
      // Not every root has these; the answer is that there is none.
      return Optional.empty();
    }
  }
}
