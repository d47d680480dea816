package io.patina.collector.embedded;

import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.MalformedBaselineException;
import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import io.patina.packing.Scratch;
import io.patina.signing.Envelope;
import io.patina.signing.InvalidKeyException;
import io.patina.signing.TrustRoots;
import io.patina.signing.UntrustedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The baseline in this host's image, as a reference for snapshots. It is looked at anew for each
 * snapshot: an update of the image brings another one. Whatever is wrong with it costs bytes and
 * nothing else: the snapshot is self-contained then, and the log says why. Used by one thread.
 */
public final class EmbeddedBaseline {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBaseline.class);

  /** Largest statement that is read, in bytes. */
  private static final int MAX_STATEMENT = 17 << 20;

  /** Asks whether the engine holds a manifest. */
  @FunctionalInterface
  public interface Asking {
    Held holds(Digest manifest);
  }

  /** What the engine says. */
  public enum Held {
    YES,
    NO,
    /** Nobody answers, or nobody is asked: the collector works without. */
    UNKNOWN
  }

  private final Path directory;
  private final Path trust;
  private final Asking engine;
  private final Scratch scratch;
  private final Clock clock;
  private String said = "";

  /**
   * @param directory with the two files
   * @param trust directory of trust roots
   * @param scratch where the manifest is kept while it is used
   */
  public EmbeddedBaseline(Path directory, Path trust, Asking engine, Scratch scratch, Clock clock) {
    this.directory = directory;
    this.trust = trust;
    this.engine = engine;
    this.scratch = scratch;
    this.clock = clock;
  }

  /** Why it is not used. */
  private static final class Unusable extends Exception {
    Unusable(String reason) {
      super(reason);
    }
  }

  /**
   * The manifest, if a key that counts now signed for it, it was made under that scope, and the
   * engine does not say that it lacks it.
   */
  public Optional<Manifest> manifest(Digest scope) {
    Path statement = directory.resolve(Embedding.STATEMENT);
    if (!Files.exists(statement, LinkOption.NOFOLLOW_LINKS)) {
      say("there is none in " + directory);
      return Optional.empty();
    }
    try {
      GoldenBaseline golden = verified(statement);
      if (engine.holds(golden.manifest()) == Held.NO) {
        throw new Unusable("the engine does not hold its manifest; publish the baseline");
      }
      Manifest manifest =
          ManifestFile.readPacked(regular(directory.resolve(Embedding.MANIFEST)), scratch);
      if (!manifest.digest().equals(golden.manifest())) {
        throw new Unusable(
            "its manifest is " + manifest.digest() + ", signed was " + golden.manifest());
      }
      if (!manifest.scope().equals(scope)) {
        throw new Unusable("it was made under another scope than this collector's");
      }
      said = "";
      LOG.info(
          "event=embedded-baseline name={} version={} manifest={} facts={}",
          golden.name(),
          golden.version(),
          golden.manifest(),
          manifest.size());
      return Optional.of(manifest);
    } catch (Unusable
        | UntrustedException
        | MalformedBaselineException
        | MalformedManifestException
        | InvalidKeyException
        | IOException e) {
      say(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private GoldenBaseline verified(Path statement)
      throws IOException,
          Unusable,
          UntrustedException,
          MalformedBaselineException,
          InvalidKeyException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(regular(statement))) {
      bytes = in.readNBytes(MAX_STATEMENT + 1);
    }
    if (bytes.length > MAX_STATEMENT) {
      throw new Unusable("its statement is over " + MAX_STATEMENT + " bytes");
    }
    Envelope envelope = Envelope.ofJson(new String(bytes, StandardCharsets.UTF_8));
    return BaselineStatement.verify(envelope, TrustRoots.ofDirectory(trust, clock.instant()));
  }

  private static Path regular(Path file) throws Unusable {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Unusable(file + " is no regular file");
    }
    return file;
  }

  /** Once, until it is otherwise. */
  private void say(String reason) {
    if (!reason.equals(said)) {
      said = reason;
      LOG.warn("event=embedded-baseline-unused reason=\"{}\"", reason);
    }
  }
}
