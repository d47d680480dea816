package io.patina.collector.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.patina.collector.spool.Outgoing;
import io.patina.collector.spool.Spool;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.fingerprint.LtHash16;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.signing.PublicKey;
import io.patina.wire.Payloads;
import io.patina.wire.ReportSignature;
import io.patina.wire.v1.Announcement;
import io.patina.wire.v1.Change;
import io.patina.wire.v1.Delta;
import io.patina.wire.v1.Heartbeat;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import io.patina.wire.v1.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads reports as the engine has to, and fails where the contract is broken: signatures, numbers
 * without a hole unless a snapshot follows, fingerprints, parts in order.
 */
public final class Replay {
  private final Map<Digest, Manifest> held = new TreeMap<>();
  public final List<ReportKind> kinds = new ArrayList<>();
  public final List<Delta> deltas = new ArrayList<>();
  public final List<io.patina.wire.v1.Loss> losses = new ArrayList<>();
  public final List<Announcement> announcements = new ArrayList<>();
  private TreeMap<FactKey, Entry> state = new TreeMap<>();
  private final TreeMap<FactKey, Entry> building = new TreeMap<>();
  private ByteString slices = ByteString.EMPTY;
  private ByteString incarnation = ByteString.EMPTY;
  private ByteString scope = ByteString.EMPTY;
  private long sequence;
  private int part;
  public int holes;
  public long lost;

  /** A manifest that the engine has from elsewhere. */
  public void hold(Manifest manifest) {
    held.put(manifest.digest(), manifest);
  }

  /** Reads everything in a spool from a number on; answers the number after the last. */
  public long drain(Spool spool, long from) throws IOException {
    long next = from;
    Optional<Spool.Stored> stored = spool.read(next);
    while (stored.isPresent()) {
      if (stored.get().record().destination() == Outgoing.Destination.REPORTS) {
        take(Report.parseFrom(stored.get().record().value()));
      }
      next = stored.get().number() + 1;
      stored = spool.read(next);
    }
    return next;
  }

  public void take(Report report) throws InvalidProtocolBufferException {
    assertTrue(ReportSignature.verify(report, new PublicKey(report.getPublicKey())));
    boolean started = !report.getIncarnation().equals(incarnation);
    boolean opens = report.getKind() == ReportKind.SNAPSHOT && report.getPart() == 1;
    if (started) {
      assertTrue(opens, "an incarnation opens with a snapshot");
      holes += report.getSequence() == 1 ? 0 : 1;
    } else if (report.getSequence() != sequence + 1) {
      assertTrue(opens, "after a hole only a snapshot helps, not " + report.getKind());
      holes++;
    }
    incarnation = report.getIncarnation();
    sequence = report.getSequence();
    scope = report.getScope();
    kinds.add(report.getKind());
    ByteString content = Payloads.unpack(report.getPayload());
    switch (report.getKind()) {
      case SNAPSHOT -> snapshot(report, Snapshot.parseFrom(content));
      case DELTA -> delta(Delta.parseFrom(content));
      case HEARTBEAT -> assertEquals(fingerprint(), Heartbeat.parseFrom(content).getFingerprint());
      case ANNOUNCEMENT -> announcements.add(Announcement.parseFrom(content));
      case REPORT_KIND_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError(report.getKind());
    }
  }

  private void snapshot(Report report, Snapshot content) {
    if (report.getPart() == 1) {
      building.clear();
      slices = ByteString.EMPTY;
      part = 0;
      if (!report.getReference().isEmpty()) {
        Manifest reference = held.get(new Digest(report.getReference()));
        assertNotNull(reference, "a reference that nobody sent");
        reference.forEach(e -> building.put(e.key(), e));
      }
    }
    assertEquals(++part, report.getPart());
    if (report.getReference().isEmpty()) {
      slices = slices.concat(content.getEntries());
    } else {
      frames(content.getEntries()).forEach(e -> building.put(e.key(), e));
      content.getRemovedList().forEach(k -> building.remove(new FactKey(k.getFacet(), k.getKey())));
    }
    if (report.getLast()) {
      lost = content.getCoverage().getLost();
      if (content.hasLoss()) {
        losses.add(content.getLoss());
      }
      Manifest manifest;
      if (report.getReference().isEmpty()) {
        manifest = decode(slices);
        held.clear();
        held.put(manifest.digest(), manifest);
      } else {
        manifest = Manifest.of(new Digest(scope), building.values());
      }
      assertEquals(manifest.digest().bytes(), content.getManifest());
      state = new TreeMap<>();
      manifest.forEach(e -> state.put(e.key(), e));
      assertEquals(fingerprint(), content.getFingerprint());
    }
  }

  private static Manifest decode(ByteString canonical) {
    try {
      return Manifest.decode(canonical);
    } catch (io.patina.manifest.MalformedManifestException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Entry> frames(ByteString bytes) {
    List<Entry> entries = new ArrayList<>();
    try {
      CodedInputStream in = bytes.newCodedInput();
      while (!in.isAtEnd()) {
        entries.add(Entry.decode(in.readBytes()));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return entries;
  }

  private void delta(Delta delta) {
    deltas.add(delta);
    for (Change c : delta.getChangesList()) {
      switch (c.getChangeCase()) {
        case PUT -> {
          Entry e = Entry.decode(c.getPut());
          state.put(e.key(), e);
        }
        case ABSENT -> state.remove(new FactKey(c.getAbsent().getFacet(), c.getAbsent().getKey()));
        case UNSCOPED, CHANGE_NOT_SET -> throw new AssertionError(c);
      }
    }
    assertEquals(fingerprint(), delta.getFingerprint());
  }

  private ByteString fingerprint() {
    LtHash16 hash = new LtHash16();
    state.values().forEach(e -> hash.add(e.canonical()));
    return hash.fingerprint().bytes();
  }

  /** What the engine knows. */
  public Manifest manifest() {
    return Manifest.of(new Digest(scope), state.values());
  }
}
