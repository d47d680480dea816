package io.patina.collector.reports;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.patina.collector.identity.HostClock;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.wire.v1.Coverage;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Key;
import io.patina.wire.v1.Loss;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.Snapshot;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a manifest, or its difference from a reference, into the parts of one snapshot. Part
 * contents stay below what a frame may hold even if nothing in them can be compressed.
 */
final class SnapshotParts {
  /** Bytes of entries and removed keys in one part. */
  static final int PART_BYTES = 850_000;

  /** What the last part says beside the facts. */
  record Completion(Coverage coverage, Optional<io.patina.collector.spool.Loss> loss) {}

  private final Series series;
  private final HostClock clock;
  private final HostIdentity host;
  private final Optional<Digest> reference;
  private final Predicate<Report> sink;
  private int sent;
  private boolean taken = true;
  private Snapshot.Builder part = Snapshot.newBuilder();
  private ByteString.Output entries = ByteString.newOutput();
  private int removedBytes;

  private SnapshotParts(
      Series series,
      HostClock clock,
      HostIdentity host,
      Optional<Digest> reference,
      Predicate<Report> sink) {
    this.series = series;
    this.clock = clock;
    this.host = host;
    this.reference = reference;
    this.sink = sink;
  }

  /**
   * A self-contained snapshot: slices of the canonical bytes, cut at entry borders.
   *
   * @param sink takes one part after the other; after the first that it does not take there is none
   * @return how many parts it took, if it took all; otherwise 0
   */
  static int complete(
      Manifest manifest,
      Fingerprint fingerprint,
      Completion completion,
      Series series,
      HostClock clock,
      HostIdentity host,
      Predicate<Report> sink) {
    SnapshotParts parts = new SnapshotParts(series, clock, host, Optional.empty(), sink);
    parts.append(manifest.header());
    for (Entry e : manifest) {
      parts.frame(e.canonical());
    }
    return parts.finish(manifest, fingerprint, completion);
  }

  /** A snapshot as the difference from a manifest that the engine holds; otherwise likewise. */
  static int difference(
      Manifest from,
      Manifest to,
      Fingerprint fingerprint,
      Completion completion,
      Series series,
      HostClock clock,
      HostIdentity host,
      Predicate<Report> sink) {
    SnapshotParts parts = new SnapshotParts(series, clock, host, Optional.of(from.digest()), sink);
    Iterator<Entry> before = from.iterator();
    Iterator<Entry> after = to.iterator();
    @Nullable Entry b = step(before);
    @Nullable Entry a = step(after);
    while (a != null || b != null) {
      int order = a == null ? 1 : b == null ? -1 : a.key().compareTo(b.key());
      if (order < 0 && a != null) {
        parts.frame(a.canonical());
        a = step(after);
      } else if (order > 0 && b != null) {
        parts.remove(b.key());
        b = step(before);
      } else if (a != null && b != null) {
        if (!a.canonical().equals(b.canonical())) {
          parts.frame(a.canonical());
        }
        a = step(after);
        b = step(before);
      }
    }
    return parts.finish(to, fingerprint, completion);
  }

  /** In how many facts two manifests differ. */
  static long differing(Manifest from, Manifest to) {
    long count = 0;
    Iterator<Entry> before = from.iterator();
    Iterator<Entry> after = to.iterator();
    @Nullable Entry b = step(before);
    @Nullable Entry a = step(after);
    while (a != null && b != null) {
      int order = a.key().compareTo(b.key());
      count += order != 0 || !a.canonical().equals(b.canonical()) ? 1 : 0;
      b = order >= 0 ? step(before) : b;
      a = order <= 0 ? step(after) : a;
    }
    for (; a != null; a = step(after)) {
      count++;
    }
    for (; b != null; b = step(before)) {
      count++;
    }
    return count;
  }

  private static @Nullable Entry step(Iterator<Entry> entries) {
    return entries.hasNext() ? entries.next() : null;
  }

  private void frame(ByteString entry) {
    try {
      byte[] length = new byte[CodedOutputStream.computeUInt32SizeNoTag(entry.size())];
      CodedOutputStream.newInstance(length).writeUInt32NoTag(entry.size());
      room(length.length + entry.size());
      entries.write(length);
      entry.writeTo(entries);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private void append(ByteString bytes) {
    try {
      bytes.writeTo(entries);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private void remove(FactKey key) {
    room(key.name().size() + key.facet().length() + 8);
    removedBytes += key.name().size() + key.facet().length() + 8;
    part.addRemoved(wire(key));
  }

  static Key wire(FactKey key) {
    return Key.newBuilder().setFacet(key.facet()).setKey(key.name()).build();
  }

  /** Ends the part if it cannot take this many bytes more. */
  private void room(int bytes) {
    if (entries.size() + removedBytes + bytes > PART_BYTES) {
      send(part().build(), false);
      part = Snapshot.newBuilder();
      entries = ByteString.newOutput();
      removedBytes = 0;
    }
  }

  private Snapshot.Builder part() {
    part.setMoment(clock.now()).setEntries(entries.toByteString());
    if (sent == 0) {
      part.setHost(host);
    }
    return part;
  }

  private void send(Snapshot content, boolean last) {
    if (taken) {
      sent++;
      taken = sink.test(series.nextPart(content, sent, last, reference));
    }
  }

  private int finish(Manifest manifest, Fingerprint fingerprint, Completion completion) {
    Snapshot.Builder last =
        part()
            .setFingerprint(fingerprint.bytes())
            .setManifest(manifest.digest().bytes())
            .setCoverage(completion.coverage());
    completion
        .loss()
        .ifPresent(
            l ->
                last.setLoss(
                    Loss.newBuilder()
                        .setSinceMicros(l.sinceMillis() * 1000)
                        .setReports(l.reports())));
    send(last.build(), true);
    return taken ? sent : 0;
  }
}
