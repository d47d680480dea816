package io.patina.engine.rollout;

import io.patina.manifest.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A baseline on its way to the hosts of the version before.
 *
 * @param from statement of the version before, active until this is finished
 * @param to statement of the new one
 * @param reached the waves up to this one are, 1 to the number of waves
 * @param byItself whether the next wave follows by itself once this one conforms
 */
public record Rollout(
    UUID id,
    String name,
    Digest from,
    String fromVersion,
    Digest to,
    String toVersion,
    State state,
    int reached,
    boolean byItself,
    Instant startedAt,
    String startedBy,
    @Nullable Instant endedAt,
    long revision,
    List<Wave> waves) {

  /** How a rollout is. */
  public enum State {
    UNDER_WAY("under-way"),
    PAUSED("paused"),
    FINISHED("finished"),
    ROLLED_BACK("rolled-back");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }

    /** Whether hosts are held against two versions. */
    public boolean goesOn() {
      return this == UNDER_WAY || this == PAUSED;
    }

    static State of(String wireName) {
      for (State s : values()) {
        if (s.wireName.equals(wireName)) {
          return s;
        }
      }
      throw new IllegalArgumentException("no state of a rollout: " + wireName);
    }
  }

  public Rollout {
    waves = List.copyOf(waves);
  }

  public boolean isPaused() {
    return state == State.PAUSED;
  }

  /**
   * The first wave that a host is of; 0 if it is of none. Who is of the first ten in a hundred is
   * of the first fifty, too: a host's place follows from its id and the rollout's alone.
   */
  public int waveOf(UUID host, Map<String, String> assignedLabels) {
    double place = place(host);
    return waves.stream()
        .filter(w -> w.holds(place, assignedLabels))
        .mapToInt(Wave::number)
        .findFirst()
        .orElse(0);
  }

  /** A wave by its number. */
  public Wave wave(int number) {
    return waves.get(number - 1);
  }

  /** Where a host stands, 0 to below 1: another order of hosts in each rollout. */
  double place(UUID host) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(
        ByteBuffer.allocate(32)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .putLong(host.getMostSignificantBits())
            .putLong(host.getLeastSignificantBits())
            .array());
    long first = ByteBuffer.wrap(sha256.digest()).getLong();
    return (first >>> 11) * 0x1.0p-53;
  }
}
