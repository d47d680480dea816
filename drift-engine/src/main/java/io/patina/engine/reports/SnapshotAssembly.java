package io.patina.engine.reports;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.patina.engine.state.Facts;
import io.patina.engine.state.ManifestCache;
import io.patina.engine.state.ManifestTable;
import io.patina.engine.state.OverlayValue;
import io.patina.engine.state.Reference;
import io.patina.engine.state.Since;
import io.patina.engine.state.SnapshotParts;
import io.patina.engine.state.StateConfig;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.facts.FactKey;
import io.patina.fingerprint.Fingerprint;
import io.patina.fingerprint.LtHash16;
import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.wire.Payloads;
import io.patina.wire.v1.Key;
import io.patina.wire.v1.Snapshot;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts the parts of a snapshot together and proves the whole. */
@Singleton
public final class SnapshotAssembly {

  /** How it ended. */
  public sealed interface Result {

    /** The whole, proven: its fingerprint is the one that was reported. */
    record Complete(Facts facts, Fingerprint fingerprint) implements Result {}

    /**
     * Not all of it is here, or it is not what it says.
     *
     * @param malformed the bytes are wrong, not merely missing
     */
    record Failed(String reason, boolean malformed) implements Result {}
  }

  private final ManifestCache manifests;
  private final StateConfig config;

  public SnapshotAssembly(ManifestCache manifests, StateConfig config) {
    this.manifests = manifests;
    this.config = config;
  }

  /** Takes the last part. */
  public Result complete(
      Connection connection, Decoded.Accepted report, Content.SnapshotPart last, Since since)
      throws SQLException {
    List<SnapshotParts.Part> before = List.of();
    int parts = report.report().getPart();
    if (parts > 1) {
      before = SnapshotParts.read(connection, report.installation(), report.incarnation());
      Optional<String> missing = missing(before, parts, report.sequence());
      if (missing.isPresent()) {
        return new Result.Failed(missing.get(), false);
      }
    }
    try {
      List<Snapshot> messages = new ArrayList<>();
      for (SnapshotParts.Part part : before) {
        messages.add(Snapshot.parseFrom(Payloads.unpack(part.payload())));
      }
      messages.add(last.message());
      long bytes = messages.stream().mapToLong(m -> m.getEntries().size()).sum();
      if (bytes > config.maxManifest().asLongValue()) {
        return new Result.Failed("its snapshot of " + bytes + " bytes is over the bound", false);
      }
      return report.report().getReference().isEmpty()
          ? selfContained(connection, messages, since)
          : referring(connection, messages, new Digest(report.report().getReference()), since);
    } catch (IOException | IllegalArgumentException | MalformedManifestException e) {
      return new Result.Failed(
          "its snapshot is malformed: " + Escaped.text(String.valueOf(e.getMessage())), true);
    }
  }

  private static Optional<String> missing(
      List<SnapshotParts.Part> before, int last, long lastSequence) {
    if (before.size() != last - 1) {
      return Optional.of(
          "its snapshot has " + last + " parts and " + (before.size() + 1) + " arrived");
    }
    for (int i = 0; i < before.size(); i++) {
      SnapshotParts.Part part = before.get(i);
      if (part.part() != i + 1 || part.sequence() != lastSequence - (last - 1 - i)) {
        return Optional.of("parts of its snapshot are not consecutive");
      }
    }
    return Optional.empty();
  }

  private Result selfContained(Connection connection, List<Snapshot> messages, Since since)
      throws SQLException, MalformedManifestException {
    ByteString.Output canonical =
        ByteString.newOutput(messages.stream().mapToInt(m -> m.getEntries().size()).sum());
    try {
      for (Snapshot m : messages) {
        m.getEntries().writeTo(canonical);
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    Manifest manifest = Manifest.decode(canonical.toByteString());
    Snapshot last = messages.getLast();
    if (!manifest.digest().bytes().equals(last.getManifest())) {
      return new Result.Failed("the manifest it sent is not the one it names", true);
    }
    Optional<Reference> known = manifests.get(connection, manifest.digest());
    Reference reference;
    if (known.isPresent() && ManifestTable.hold(connection, manifest.digest())) {
      reference = known.get();
    } else {
      LtHash16 hash = manifest.hash();
      ManifestTable.insert(connection, manifest, hash);
      reference = new Reference(manifest, hash);
      manifests.put(reference);
    }
    return proven(new Facts(reference, since, Map.of()), last);
  }

  private Result referring(
      Connection connection, List<Snapshot> messages, Digest reference, Since since)
      throws SQLException, IOException {
    Optional<Reference> known = manifests.get(connection, reference);
    if (known.isEmpty() || !ManifestTable.hold(connection, reference)) {
      return new Result.Failed("its reference " + reference + " is not known here", false);
    }
    Map<FactKey, OverlayValue> overlay = new TreeMap<>();
    for (Snapshot m : messages) {
      CodedInputStream in = m.getEntries().newCodedInput();
      while (!in.isAtEnd()) {
        Entry entry = Entry.decode(in.readBytes());
        overlay.put(entry.key(), new OverlayValue.Put(entry, since));
      }
      for (Key key : m.getRemovedList()) {
        overlay.put(new FactKey(key.getFacet(), key.getKey()), new OverlayValue.Removed(since));
      }
    }
    if (overlay.size() > config.maxOverlay()) {
      return new Result.Failed(
          "it differs from its reference in " + overlay.size() + " entries", false);
    }
    return proven(new Facts(known.get(), since, overlay), messages.getLast());
  }

  private static Result proven(Facts facts, Snapshot last) {
    Fingerprint fingerprint = facts.fingerprint();
    return fingerprint.bytes().equals(last.getFingerprint())
        ? new Result.Complete(facts, fingerprint)
        : new Result.Failed("the fingerprint of its snapshot is not the one it reports", false);
  }
}
