package io.patina.engine.reports;

import com.google.protobuf.ByteString;
import io.patina.engine.deviations.WrittenBy;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.wire.v1.Announcement;
import io.patina.wire.v1.Coverage;
import io.patina.wire.v1.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A report's payload, checked. */
public sealed interface Content {

  /**
   * Part of a snapshot.
   *
   * @param put entries to put over the reference; empty if self-contained, for the message then
   *     holds a slice of the manifest
   * @param removed keys that the reference has and the host has not
   * @param payload the frame as received
   */
  record SnapshotPart(Snapshot message, List<Entry> put, List<FactKey> removed, ByteString payload)
      implements Content {

    public SnapshotPart {
      put = List.copyOf(put);
      removed = List.copyOf(removed);
    }
  }

  /** Changes since the report before. */
  record Changes(
      List<KeyChange> changes,
      Fingerprint fingerprint,
      Optional<Coverage> coverage,
      boolean packageTransaction)
      implements Content {

    public Changes {
      changes = List.copyOf(changes);
    }
  }

  /** Still the same. */
  record StillSo(Fingerprint fingerprint, Optional<Coverage> coverage, int intervalSeconds)
      implements Content {}

  /** What the collector says of itself. */
  record Announced(Announcement message) implements Content {}

  /**
   * One key that changed.
   *
   * @param noticed host's clock, if it was noticed as it happened
   * @param writer who changed it, if the host knew
   */
  record KeyChange(
      FactKey key,
      How how,
      Optional<Entry> entry,
      Optional<Instant> noticed,
      Optional<WrittenBy> writer) {

    /** In what way. */
    public enum How {
      PUT,
      ABSENT,
      UNSCOPED
    }
  }
}
