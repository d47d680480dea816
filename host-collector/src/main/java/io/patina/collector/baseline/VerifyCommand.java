package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.facts.Escaped;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Manifest;
import io.patina.signing.PublicKey;
import io.patina.signing.UntrustedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baseline verify}: says whether an envelope is signed by a trusted key. */
@Command(
    name = "verify",
    description = "Says whether a baseline is signed by a trusted key, and for which manifest.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:verified", "1:refused", "2:something could not be read"})
final class VerifyCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ENVELOPE",
      description = "The signed baseline, or a minisign or SSH signature of its manifest.")
  private Path file = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE|DIR",
      required = true,
      description =
          "A public key (PEM, minisign, OpenSSH) or a directory of them; several may be given.")
  private List<Path> keys = List.of();

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "The manifest that must be the one that was signed.")
  private @Nullable Path manifest;

  @Mixin private Answer answer = new Answer.ByFormat();

  @Option(
      names = "--remember",
      paramLabel = "FILE",
      description = "Keeps the newest versions that were accepted, and refuses older ones.")
  private @Nullable Path remembered;

  @Override
  public Integer call() throws CommandFailure, IOException {
    Trust trust = Trust.of(keys);
    try {
      if (Trust.isDetached(file)) {
        if (manifest == null) {
          throw new CommandFailure(
              BaselineFiles.shown(file) + " signs a file; give the manifest with --manifest");
        }
        Trust.Detached read = trust.detached(manifest, file);
        Manifest given = BaselineFiles.manifest(manifest, read.content());
        return verified(given, read.signer());
      }
      Trust.Statement read = trust.statement(file, remembered);
      if (manifest != null) {
        Manifest given = BaselineFiles.manifest(manifest);
        if (!given.digest().equals(read.baseline().manifest())) {
          return refused(
              BaselineFiles.shown(manifest)
                  + ": the manifest is sha256:"
                  + given.digest().hex()
                  + ", signed was sha256:"
                  + read.baseline().manifest().hex());
        }
      }
      return verified(read);
    } catch (UntrustedException e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  /** A manifest that is signed by itself: nothing else is known of it. */
  private int verified(Manifest given, PublicKey signer) throws IOException {
    answer.give(
        out -> {
          out.writeBooleanField("verified", true);
          out.writeStringField("manifest", given.digest().hex());
          out.writeStringField("keyId", signer.id());
          out.writeBooleanField("manifestChecked", true);
        },
        () -> {
          answer.line("verified: " + BaselineFiles.shown(Objects.requireNonNull(manifest)));
          answer.line("  signed by key " + signer.id());
          answer.line("  manifest      sha256:" + given.digest().hex());
        });
    return 0;
  }

  private int verified(Trust.Statement read) throws IOException {
    GoldenBaseline baseline = read.baseline();
    PublicKey signer = read.signer();
    answer.give(
        out -> {
          out.writeBooleanField("verified", true);
          out.writeStringField("name", baseline.name());
          out.writeStringField("version", baseline.version());
          out.writeStringField("statement", read.digest().hex());
          out.writeStringField("manifest", baseline.manifest().hex());
          out.writeStringField("keyId", signer.id());
          out.writeStringField("policy", baseline.policy());
          out.writeStringField("createdAt", baseline.createdAt().toString());
          out.writeStringField("author", baseline.author());
          out.writeBooleanField("manifestChecked", manifest != null);
        },
        () -> {
          answer.line("verified: " + baseline.name() + " " + baseline.version());
          answer.line("  signed by key " + signer.id());
          answer.line("  statement     sha256:" + read.digest().hex());
          answer.line(
              "  manifest      sha256:"
                  + baseline.manifest().hex()
                  + (manifest == null ? " (not looked at; give it with --manifest)" : ""));
          answer.line("  policy        " + baseline.policy());
          answer.line("  made          " + baseline.createdAt() + " by " + baseline.author());
        });
    return 0;
  }

  private int refused(String reason) throws IOException {
    answer.give(
        out -> {
          out.writeBooleanField("verified", false);
          out.writeStringField("reason", reason);
        },
        () -> answer.line("refused: " + BaselineFiles.shown(file) + ": " + Escaped.text(reason)));
    return 1;
  }
}
