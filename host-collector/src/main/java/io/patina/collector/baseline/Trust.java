package io.patina.collector.baseline;

import io.patina.collector.asking.CommandFailure;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.MalformedBaselineException;
import io.patina.manifest.Digest;
import io.patina.signing.DetachedSignature;
import io.patina.signing.Envelope;
import io.patina.signing.InvalidKeyException;
import io.patina.signing.PublicKey;
import io.patina.signing.TrustRoots;
import io.patina.signing.TrustedKey;
import io.patina.signing.UntrustedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies what is signed, for commands: keys from files and directories, refusals by name. */
public final class Trust {

  /**
   * A statement that was verified.
   *
   * @param digest its name: SHA-256 of the signed payload
   */
  public record Statement(GoldenBaseline baseline, Digest digest, PublicKey signer) {}

  private final TrustRoots roots;

  private Trust(TrustRoots roots) {
    this.roots = roots;
  }

  /**
   * The keys in these files (PEM, minisign's, OpenSSH's public form) and directories (with their
   * {@code trust.yaml}), as they count now.
   */
  public static Trust of(List<Path> keys) throws CommandFailure {
    Instant now = Instant.now();
    List<TrustedKey> trusted = new ArrayList<>();
    List<String> revoked = new ArrayList<>();
    for (Path key : keys) {
      try {
        if (Files.isDirectory(key)) {
          TrustRoots of = TrustRoots.ofDirectory(key, now);
          trusted.addAll(of.trusted());
          revoked.addAll(of.revokedIds());
        } else {
          trusted.add(TrustRoots.ofFile(key));
        }
      } catch (InvalidKeyException e) {
        throw new CommandFailure(String.valueOf(e.getMessage()), e);
      } catch (IOException e) {
        throw BaselineFiles.unreadable(key, e);
      }
    }
    return new Trust(new TrustRoots(trusted, revoked, now));
  }

  /**
   * Verifies an envelope, then reads the baseline in it.
   *
   * @param remembered where the newest accepted versions are kept; null for nowhere
   * @throws UntrustedException saying why it is refused
   */
  public Statement statement(Path envelope, @Nullable Path remembered)
      throws CommandFailure, UntrustedException {
    Envelope read = Envelope.ofJson(BaselineFiles.text(envelope));
    PublicKey signer = read.verify(roots, Envelope.IN_TOTO).signer();
    GoldenBaseline baseline;
    try {
      baseline = BaselineStatement.verify(read, roots);
    } catch (MalformedBaselineException e) {
      throw new UntrustedException(String.valueOf(e.getMessage()), e);
    }
    Digest digest = BaselineStatement.digest(read);
    if (remembered != null) {
      new AcceptedVersions(remembered).accept(baseline, digest);
    }
    return new Statement(baseline, digest, signer);
  }

  /**
   * Verifies a file by a signature of minisign or ssh-keygen.
   *
   * @return the bytes that were verified, for reading: the file may be another by then
   * @throws UntrustedException saying why it is refused
   */
  public Detached detached(Path file, Path signature) throws CommandFailure, UntrustedException {
    DetachedSignature read = DetachedSignature.parse(BaselineFiles.text(signature));
    try {
      byte[] content = BaselineFiles.bytes(file);
      return new Detached(content, read.verify(new ByteArrayInputStream(content), roots));
    } catch (IOException e) {
      throw BaselineFiles.unreadable(file, e);
    }
  }

  /** Bytes that were verified, and who signed them. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Detached(byte[] content, PublicKey signer) {}

  /** Whether this file is a signature of minisign or ssh-keygen rather than an envelope. */
  public static boolean isDetached(Path file) throws CommandFailure {
    return DetachedSignature.isMeant(BaselineFiles.text(file));
  }

  /** The file from which a key came, for people. */
  public String name(PublicKey key) {
    return roots.trusted().stream()
        .filter(t -> t.key().equals(key))
        .map(TrustedKey::name)
        .findFirst()
        .orElseGet(key::toString);
  }
}
