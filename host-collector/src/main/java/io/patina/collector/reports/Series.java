package io.patina.collector.reports;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.patina.collector.identity.Installation;
import io.patina.manifest.Digest;
import io.patina.wire.Payloads;
import io.patina.wire.ReportSignature;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import java.security.SecureRandom;
import java.util.Optional;

/** The reports of one start of the collector: numbered from 1, packed and signed. */
final class Series {
  /** Version of the report envelope. */
  private static final int VERSION = 1;

  private final Installation installation;
  private final Digest scope;
  private final ByteString incarnation;
  private long sequence;

  Series(Installation installation, Digest scope, SecureRandom random) {
    this.installation = installation;
    this.scope = scope;
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    this.incarnation = ByteString.copyFrom(bytes);
  }

  Installation installation() {
    return installation;
  }

  /** 16 random bytes, new at each start. */
  ByteString incarnation() {
    return incarnation;
  }

  /** The number last given. */
  long sequence() {
    return sequence;
  }

  /** The next report, of a kind that has no parts. */
  Report next(ReportKind kind, MessageLite content) {
    return ReportSignature.sign(report(kind, content), installation.key());
  }

  /** The next report, part of a snapshot. */
  Report nextPart(MessageLite content, int part, boolean last, Optional<Digest> reference) {
    Report.Builder report = report(ReportKind.SNAPSHOT, content).setPart(part).setLast(last);
    reference.ifPresent(d -> report.setReference(d.bytes()));
    return ReportSignature.sign(report, installation.key());
  }

  private Report.Builder report(ReportKind kind, MessageLite content) {
    sequence++;
    ByteString payload = Payloads.pack(content.toByteString());
    if (payload.size() > Payloads.MAX_FRAME) {
      throw new IllegalStateException(kind + " of " + payload.size() + " bytes was not cut");
    }
    return Report.newBuilder()
        .setVersion(VERSION)
        .setInstallation(installation.id())
        .setIncarnation(incarnation)
        .setSequence(sequence)
        .setKind(kind)
        .setScope(scope.bytes())
        .setPayload(payload);
  }
}
