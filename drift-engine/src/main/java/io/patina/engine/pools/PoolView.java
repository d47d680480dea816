package io.patina.engine.pools;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool judged as a whole.
 *
 * @param sides by what its hosts are held against, the largest first
 * @param again hosts that drift after a reimage as they did before it
 * @param turns that much of it turned together: those that are so, and the last that were
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PoolView(
    String pool, long hosts, List<Side> sides, List<Again> again, List<TurnView> turns) {

  /**
   * Hosts that are held against one baseline.
   *
   * @param baseline name and version; null: none selects them
   * @param statement of the baseline, hexadecimal; null: none
   * @param conforming hosts of which nothing differs
   * @param signatures in how many ways hosts are, that of nothing differing included
   * @param sentence what separates them
   * @param ways the most frequent, the most frequent first
   * @param scriptlets where the packages are equal and the files are not; null where that is not so
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Side(
      @Nullable String baseline,
      @Nullable String statement,
      long hosts,
      long conforming,
      long signatures,
      String sentence,
      List<WayView> ways,
      @Nullable Scriptlets scriptlets) {}

  /**
   * Hosts that are alike.
   *
   * @param signature drift signature, hexadecimal; empty: nothing differs
   * @param examples some of the hosts
   * @param separating facts in which they are other than the most frequent way, {@code FACET KEY}
   * @param more how many more such facts there are; at least so many, where not all were read
   */
  public record WayView(
      String signature, long hosts, List<HostName> examples, List<String> separating, long more) {}

  /** A host. */
  public record HostName(String id, String name) {}

  /**
   * A host that drifts after a reimage as it did before.
   *
   * @param life which life of the host this is
   * @param same whether all that differs did so before, in the same way
   * @param keys facts that differ again, {@code FACET KEY}
   */
  public record Again(String id, String name, int life, boolean same, List<String> keys) {}

  /** That much of the pool turned together; {@code endedAt} is null while it is so. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TurnView(
      String id,
      String baseline,
      Instant since,
      long turned,
      long hosts,
      String sentence,
      @Nullable Instant endedAt) {}
}
