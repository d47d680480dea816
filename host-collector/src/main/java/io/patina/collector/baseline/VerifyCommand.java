package io.patina.collector.baseline;

import io.patina.facts.Escaped;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.MalformedBaselineException;
import io.patina.manifest.Manifest;
import io.patina.signing.Envelope;
import io.patina.signing.InvalidKeyException;
import io.patina.signing.PublicKey;
import io.patina.signing.TrustRoots;
import io.patina.signing.UntrustedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code baseline verify}: says whether an envelope is signed by a trusted key. */
@Command(
    name = "verify",
    description = "Says whether a baseline is signed by a trusted key, and for which manifest.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:verified", "1:refused", "2:something could not be read"})
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ENVELOPE", description = "The signed baseline.")
  private Path file = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE|DIR",
      required = true,
      description = "A public key in PEM, or a directory of *.pem; several may be given.")
  private List<Path> keys = List.of();

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "The manifest that must be the one that was signed.")
  private @Nullable Path manifest;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to answer (default: text).")
  private Answer.Form form = Answer.Form.TEXT;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws BaselineFailure, IOException {
    TrustRoots roots = roots();
    String json = BaselineFiles.text(file);
    try {
      Envelope envelope = Envelope.ofJson(json);
      PublicKey signer = envelope.verify(roots, Envelope.IN_TOTO).signer();
      GoldenBaseline baseline = BaselineStatement.verify(envelope, roots);
      if (manifest != null) {
        Manifest given = BaselineFiles.manifest(manifest);
        if (!given.digest().equals(baseline.manifest())) {
          return refused(
              "the manifest is sha256:"
                  + given.digest().hex()
                  + ", signed was sha256:"
                  + baseline.manifest().hex());
        }
      }
      return verified(envelope, baseline, signer);
    } catch (UntrustedException | MalformedBaselineException e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private int verified(Envelope envelope, GoldenBaseline baseline, PublicKey signer)
      throws IOException {
    Answer answer = Answer.to(spec);
    switch (form) {
      case JSON ->
          answer.json(
              out -> {
                out.writeBooleanField("verified", true);
                out.writeStringField("name", baseline.name());
                out.writeStringField("version", baseline.version());
                out.writeStringField("statement", BaselineStatement.digest(envelope).hex());
                out.writeStringField("manifest", baseline.manifest().hex());
                out.writeStringField("keyId", signer.id());
                out.writeStringField("policy", baseline.policy());
                out.writeStringField("createdAt", baseline.createdAt().toString());
                out.writeStringField("author", baseline.author());
                out.writeBooleanField("manifestChecked", manifest != null);
              });
      case TEXT -> {
        answer.line("verified: " + baseline.name() + " " + baseline.version());
        answer.line("  signed by key " + signer.id());
        answer.line("  statement     sha256:" + BaselineStatement.digest(envelope).hex());
        answer.line(
            "  manifest      sha256:"
                + baseline.manifest().hex()
                + (manifest == null ? " (not looked at; give it with --manifest)" : ""));
        answer.line("  policy        " + baseline.policy());
        answer.line("  made          " + baseline.createdAt() + " by " + baseline.author());
      }
    }
    answer.flush();
    return 0;
  }

  private int refused(String reason) throws IOException {
    Answer answer = Answer.to(spec);
    switch (form) {
      case JSON ->
          answer.json(
              out -> {
                out.writeBooleanField("verified", false);
                out.writeStringField("reason", reason);
              });
      case TEXT ->
          answer.line("refused: " + BaselineFiles.shown(file) + ": " + Escaped.text(reason));
    }
    answer.flush();
    return 1;
  }

  private TrustRoots roots() throws BaselineFailure {
    List<PublicKey> trusted = new ArrayList<>();
    for (Path key : keys) {
      try {
        if (Files.isDirectory(key)) {
          trusted.addAll(TrustRoots.ofDirectory(key).keys());
        } else {
          trusted.add(PublicKey.ofPem(BaselineFiles.text(key)));
        }
      } catch (InvalidKeyException e) {
        throw new BaselineFailure(BaselineFiles.shown(key) + ": " + e.getMessage(), e);
      } catch (IOException e) {
        throw BaselineFiles.unreadable(key, e);
      }
    }
    return new TrustRoots(trusted);
  }
}
