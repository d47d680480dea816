package io.patina.engine.preview;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts as they would be.
 *
 * @param hosts that it selects by their labels and scope
 * @param examined of those; the figures below are about these only
 * @param note why not all were examined; null if all were
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Foreseen(
    String name,
    String version,
    String state,
    long hosts,
    long examined,
    @Nullable String note,
    List<Pool> pools) {

  /**
   * One pool.
   *
   * @param behind of those examined: another baseline would still go first
   * @param changes most hosts first; {@code from} and {@code to} are the same where nothing changes
   */
  public record Pool(String name, long hosts, long examined, long behind, List<Change> changes) {}

  /**
   * Hosts whose verdict would go from one to another.
   *
   * @param examples at most 3 of them
   */
  public record Change(String from, String to, long hosts, List<Example> examples) {}

  /**
   * A host.
   *
   * @param sentence what its verdict would say
   */
  public record Example(String host, String name, String sentence) {}
}
