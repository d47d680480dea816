package io.patina.wire;

import com.google.protobuf.ByteString;
import io.patina.signing.PublicKey;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.Report;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a report's signature covers: a context string (who, which start, which number, which kind,
 * scope, reference, part) and the payload bytes exactly as sent.
 *
 * <p>Message: {@code "patina report v1\0"}, installation (16 bytes), incarnation (16), sequence (8,
 * big-endian), kind (4), scope (32), one byte length of the reference and the reference, part (4),
 * last (1), payload.
 */
public final class ReportSignature {

  private static final byte[] CONTEXT = "patina report v1\0".getBytes(StandardCharsets.US_ASCII);

  private ReportSignature() {}

  /** The report with public key and signature set. */
  public static Report sign(Report.Builder report, SigningKey key) {
    report.setPublicKey(key.publicKey().raw());
    return report.setSignature(key.sign(message(report.build()))).build();
  }

  /** Whether this key signed the report; no for one whose fields are not of their lengths. */
  public static boolean verify(Report report, PublicKey key) {
    return malformed(report).isEmpty() && key.verify(message(report), report.getSignature());
  }

  /** What is wrong with the fields that a signature covers; empty if nothing is. */
  public static Optional<String> malformed(Report report) {
    if (report.getInstallation().size() != 16) {
      return Optional.of("an installation id has 16 bytes");
    }
    if (report.getIncarnation().size() != 16) {
      return Optional.of("an incarnation has 16 bytes");
    }
    if (report.getScope().size() != 32) {
      return Optional.of("a scope digest has 32 bytes");
    }
    int reference = report.getReference().size();
    return reference == 0 || reference == 32
        ? Optional.empty()
        : Optional.of("a reference has 32 bytes or none");
  }

  /**
   * @throws IllegalArgumentException if a field is not of its length
   */
  static ByteString message(Report report) {
    malformed(report)
        .ifPresent(
            wrong -> {
              throw new IllegalArgumentException(wrong);
            });
    int reference = report.getReference().size();
    ByteBuffer head =
        ByteBuffer.allocate(CONTEXT.length + 16 + 16 + 8 + 4 + 32 + 1 + reference + 4 + 1);
    head.put(CONTEXT);
    report.getInstallation().copyTo(head);
    report.getIncarnation().copyTo(head);
    head.putLong(report.getSequence());
    head.putInt(report.getKindValue());
    report.getScope().copyTo(head);
    head.put((byte) reference);
    report.getReference().copyTo(head);
    head.putInt(report.getPart());
    head.put((byte) (report.getLast() ? 1 : 0));
    return ByteString.copyFrom(head.flip()).concat(report.getPayload());
  }
}
