package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.comparison.Expectation;
import io.patina.facts.Escaped;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import io.patina.policy.InvalidPolicyException;
import io.patina.policy.PolicyFile;
import io.patina.scope.Glob;
import io.patina.signing.Envelope;
import io.patina.signing.InvalidKeyException;
import io.patina.signing.SigningKey;
import io.patina.verdict.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baseline sign}: makes a baseline of a manifest and signs it. */
@Command(
    name = "sign",
    description = "Makes a golden baseline of a manifest and signs it (in-toto statement in DSSE).",
    mixinStandardHelpOptions = true)
final class SignCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MANIFEST", description = "The manifest that states the facts.")
  private Path manifest = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      required = true,
      description = "The secret key in PEM (PKCS #8, Ed25519).")
  private Path key = Path.of("");

  @Option(names = "--name", required = true, description = "Name of the baseline.")
  private String name = "";

  @Option(
      names = "--baseline-version",
      paramLabel = "VERSION",
      required = true,
      description = "Its version; a change is a new version.")
  private String version = "";

  @Option(
      names = "--scope",
      paramLabel = "FILE",
      description = "A scope under which hosts may be observed; several may be given, none is any.")
  private List<Path> scopes = List.of();

  @Option(
      names = "--exhaustive",
      paramLabel = "FACET:GLOB",
      description = "Where a key that the manifest lacks is unexpected; several may be given.")
  private List<String> exhaustive = List.of();

  @Mixin private BesideManifest beside = new BesideManifest();

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "An assigned label that hosts must have; several may be given.")
  private Map<String, String> labels = Map.of();

  @Option(
      names = "--policy",
      paramLabel = "pet|FILE",
      defaultValue = "pet",
      description =
          "What weighs: the built-in pet (default), or a policy file, which travels in the"
              + " signed statement.")
  private String policy = "pet";

  @Option(names = "--author", defaultValue = "", description = "Who made it, for people.")
  private String author = "";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The envelope to write.")
  private Path output = Path.of("");

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws CommandFailure, IOException {
    SigningKey signer = key();
    Manifest facts = BaselineFiles.manifest(manifest);
    Optional<String> policyText =
        Policy.named(policy).isPresent()
            ? Optional.empty()
            : Optional.of(PolicyFiles.verified(Path.of(policy)));
    GoldenBaseline baseline;
    try {
      baseline =
          new GoldenBaseline(
              name,
              version,
              facts.digest(),
              scopes(),
              keys(),
              beside.expectations(),
              policyName(policyText),
              policyText,
              new Selector(Optional.empty(), new TreeMap<>(labels)),
              Instant.now().truncatedTo(ChronoUnit.SECONDS),
              author);
    } catch (InvalidPolicyException | IllegalArgumentException e) {
      throw new CommandFailure(Escaped.text(String.valueOf(e.getMessage())), e);
    }
    Envelope envelope = BaselineStatement.sign(baseline, signer);
    try {
      Files.writeString(output, envelope.json() + "\n");
    } catch (IOException e) {
      throw BaselineFiles.unwritable(output, e);
    }
    Digest statement = BaselineStatement.digest(envelope);
    answer.give(
        json -> {
          json.writeStringField("envelope", output.toString());
          json.writeStringField("statement", statement.hex());
          json.writeStringField("manifest", facts.digest().hex());
          json.writeStringField("keyId", signer.publicKey().id());
        },
        () ->
            answer.line(
                output
                    + ": "
                    + name
                    + " "
                    + version
                    + ", manifest sha256:"
                    + facts.digest().hex()
                    + ", statement sha256:"
                    + statement.hex()));
    return 0;
  }

  private String policyName(Optional<String> text) throws InvalidPolicyException {
    return text.isPresent() ? PolicyFile.parse(text.get()).name() : policy;
  }

  private SigningKey key() throws CommandFailure {
    try {
      return SigningKey.ofPem(BaselineFiles.text(key));
    } catch (InvalidKeyException e) {
      throw new CommandFailure(
          BaselineFiles.shown(key) + ": " + e.getMessage() + "; make one with keygen", e);
    }
  }

  private List<Digest> scopes() throws CommandFailure {
    List<Digest> out = new ArrayList<>();
    for (Path scope : scopes) {
      out.add(BaselineFiles.scope(scope).digest());
    }
    return out;
  }

  private List<Expectation.Keys> keys() throws CommandFailure {
    List<Expectation.Keys> out = new ArrayList<>();
    for (String text : exhaustive) {
      int colon = text.indexOf(':');
      try {
        if (colon > 0) {
          out.add(
              new Expectation.Keys(text.substring(0, colon), Glob.of(text.substring(colon + 1))));
          continue;
        }
      } catch (IllegalArgumentException e) {
        throw new CommandFailure("--exhaustive " + Escaped.text(text) + ": " + e.getMessage(), e);
      }
      throw new CommandFailure(
          "--exhaustive is FACET:GLOB, such as 'file:/usr/**', not " + Escaped.text(text));
    }
    return out;
  }
}
