package io.patina.stack.line;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor knows at one moment; {@code run/state.json} holds the latest.
 *
 * @param phase of the line as a whole
 * @param page address of the page
 * @param since when this supervisor started, ISO 8601
 * @param parts in order of start
 * @param verdict of this host; null until there is one, or where no engine runs
 * @param notices what went wrong since the start, oldest first
 */
public record LineState(
    @JsonProperty("phase") Phase phase,
    @JsonProperty("page") String page,
    @JsonProperty("since") String since,
    @JsonProperty("parts") List<PartState> parts,
    @JsonProperty("verdict") @Nullable HostVerdict verdict,
    @JsonProperty("notices") List<String> notices) {

  private static final JsonMapper JSON = new JsonMapper();

  public LineState {
    parts = List.copyOf(parts);
    notices = List.copyOf(notices);
  }

  /** The line as a whole. */
  public enum Phase {
    STARTING,
    /** All parts answer; the first verdict is being waited for. */
    WAITING,
    RUNNING,
    STOPPING,
    STOPPED,
    /** The start failed; everything has been stopped again. */
    FAILED
  }

  /** One part. */
  public enum Step {
    WAITING,
    PREPARING,
    STARTING,
    READY,
    /** Ended by itself and will be started again. */
    DIED,
    /** Ended by itself too often. */
    GIVEN_UP,
    STOPPING,
    STOPPED
  }

  /**
   * One part at one moment.
   *
   * @param pid 0 while there is no process
   * @param since when it reached this step, ISO 8601
   * @param detail what is being waited for, or how it ended; may be empty
   */
  public record PartState(
      @JsonProperty("name") String name,
      @JsonProperty("step") Step step,
      @JsonProperty("pid") long pid,
      @JsonProperty("since") String since,
      @JsonProperty("detail") String detail) {}

  /**
   * The engine's answer about this host, as far as it is printed.
   *
   * @param reasons at most a few sentences
   */
  public record HostVerdict(
      @JsonProperty("host") String host,
      @JsonProperty("verdict") String verdict,
      @JsonProperty("sentence") String sentence,
      @JsonProperty("recommendation") String recommendation,
      @JsonProperty("reasons") List<String> reasons) {
    public HostVerdict {
      reasons = List.copyOf(reasons);
    }
  }

  /** The latest state a supervisor wrote; empty if none ever did. */
  public static Optional<LineState> read(Path file) throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), LineState.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Replaces the file in one step, so that a reader sees one state or the other. */
  public void write(Path file) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.write(partial, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
