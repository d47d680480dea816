package io.patina.collector.commands;

import io.patina.collector.asking.CommandFailure;
import io.patina.collector.baseline.BaselineFiles;
import io.patina.collector.baseline.Trust;
import io.patina.comparison.Expectation;
import io.patina.facts.Escaped;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Manifest;
import io.patina.signing.UntrustedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By whom what {@code check} compares with must be signed. */
final class Signed {
  @Option(
      names = "--signed",
      paramLabel = "FILE",
      description = "The signed baseline of the manifest, or its minisign or SSH signature.")
  private @Nullable Path signature;

  @Option(
      names = "--key",
      paramLabel = "FILE|DIR",
      description = "A public key that is trusted, or a directory of them; several may be given.")
  private List<Path> keys = List.of();

  @Option(
      names = "--require-signed",
      description = "Compare with nothing that is not signed by a trusted key.")
  private boolean required;

  @Option(
      names = "--remember",
      paramLabel = "FILE",
      description = "Keeps the newest versions that were accepted, and refuses older ones.")
  private @Nullable Path remembered;

  /**
   * What to compare with.
   *
   * @param baseline what was signed beside the manifest; empty for a bare one
   * @param title what it is and who signed it, for people
   */
  record Reference(Manifest manifest, Optional<GoldenBaseline> baseline, String title) {
    List<Expectation> expectations() {
      return baseline.map(GoldenBaseline::expectations).orElse(List.of());
    }
  }

  /** Whether something must be signed, which as-shipped cannot be. */
  boolean isRequired() {
    return required || signature != null;
  }

  /**
   * Reads a manifest, after its signature was verified.
   *
   * @throws Failure naming the file that is refused, and why
   */
  Reference read(Path manifest) throws Failure, CommandFailure {
    if (signature == null) {
      if (required) {
        throw refused(
            manifest, "it is unsigned; give its signature with --signed, and --key with it");
      }
      Manifest bare = BaselineFiles.manifest(manifest);
      return new Reference(bare, Optional.empty(), "unsigned manifest sha256:" + shortened(bare));
    }
    if (keys.isEmpty()) {
      throw new Failure("whose signature counts? Give a public key or a directory with --key");
    }
    Trust trust = Trust.of(keys);
    try {
      if (Trust.isDetached(signature)) {
        Trust.Detached read = trust.detached(manifest, signature);
        Manifest verified = BaselineFiles.manifest(manifest, read.content());
        String by = trust.name(read.signer());
        return new Reference(
            verified,
            Optional.empty(),
            "manifest sha256:" + shortened(verified) + ", signed by " + Escaped.text(by));
      }
      Trust.Statement read = trust.statement(signature, remembered);
      Manifest given = BaselineFiles.manifest(manifest);
      if (!given.digest().equals(read.baseline().manifest())) {
        throw refused(
            manifest,
            "it is sha256:"
                + given.digest().hex()
                + ", signed was sha256:"
                + read.baseline().manifest().hex());
      }
      return new Reference(
          given,
          Optional.of(read.baseline()),
          read.baseline().name()
              + " "
              + read.baseline().version()
              + ", signed by "
              + Escaped.text(trust.name(read.signer())));
    } catch (UntrustedException e) {
      throw refused(signature, String.valueOf(e.getMessage()));
    }
  }

  private static String shortened(Manifest manifest) {
    return manifest.digest().hex().substring(0, 16);
  }

  private static Failure refused(Path file, String why) {
    return new Failure("refused: " + Escaped.text(file.toString()) + ": " + Escaped.text(why));
  }
}
