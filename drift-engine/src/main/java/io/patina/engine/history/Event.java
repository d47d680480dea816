package io.patina.engine.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;

/**
 * Something that happened to a host. Immutable once made.
 *
 * @param id from {@link EventIds}
 * @param kind such as {@code deviation.opened}; the CloudEvents type without its prefix
 * @param observedAt broker's append time of the report that showed it, or when time alone did it
 * @param data for people and receivers; every text in it is safe to print
 */
public record Event(
    UUID id, UUID host, UUID installation, String kind, Instant observedAt, ObjectNode data) {

  public static final String HOST_SEEN = "host.seen";
  public static final String HOST_ANNOUNCED = "host.announced";
  public static final String HOST_RESTARTED = "host.restarted";
  public static final String SNAPSHOT_TAKEN = "snapshot.taken";
  public static final String RESOLUTION_LOST = "resolution.lost";
  public static final String OUT_OF_SYNC = "host.out-of-sync";
  public static final String IN_SYNC = "host.in-sync";
  public static final String SILENT = "host.silent";
  public static final String HEARD_AGAIN = "host.heard-again";
  public static final String IDENTITY_CONFLICT = "identity.conflict";
  public static final String IDENTITY_CLEARED = "identity.cleared";
  public static final String BASELINE_SELECTED = "baseline.selected";
  public static final String DEVIATION_OPENED = "deviation.opened";
  public static final String DEVIATION_CHANGED = "deviation.changed";
  public static final String DEVIATION_CLOSED = "deviation.closed";

  /** A fact changes so often that its changes are counted from now on, and not told. */
  public static final String DEVIATION_VOLATILE = "deviation.volatile";

  /** It has stood still for a while, otherwise than expected. */
  public static final String DEVIATION_CALMED = "deviation.calmed";

  /** The deviations of one cause at one time, once their cause has settled. */
  public static final String GROUP_OPENED = "group.opened";

  public static final String GROUP_ACKNOWLEDGED = "group.acknowledged";

  /** Hosts run an image that no approved baseline is of; told once for all of them. */
  public static final String IMAGE_UNKNOWN = "image.unknown";

  public static final String VERDICT_CHANGED = "verdict.changed";
}
