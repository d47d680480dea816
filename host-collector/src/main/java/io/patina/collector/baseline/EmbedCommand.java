package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.embedded.Embedding;
import io.patina.comparison.Comparison;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.facts.FactKey;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Manifest;
import io.patina.signing.UntrustedException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code baseline embed}: puts a signed baseline into an image, for the collectors on its hosts.
 */
@Command(
    name = "embed",
    description =
        "Puts a signed baseline and its manifest into an image: collectors there that trust its key"
            + " state only what differs from it.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:embedded", "1:refused", "2:something could not be read or written"})
final class EmbedCommand implements Callable<Integer> {

  @ArgGroup(multiplicity = "1")
  private Where where = new Where();

  private static final class Where {
    @Option(
        names = "--root",
        paramLabel = "DIR",
        description = "The root of the image, into which they are written.")
    private @Nullable Path root;

    @Option(
        names = "--output",
        paramLabel = "TAR",
        description = "Instead: an archive to add to the image as a layer.")
    private @Nullable Path output;
  }

  @Option(
      names = "--baseline",
      paramLabel = "ENVELOPE",
      required = true,
      description = "The signed baseline.")
  private Path baseline = Path.of("");

  @Option(names = "--manifest", paramLabel = "FILE", required = true, description = "Its manifest.")
  private Path manifest = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE|DIR",
      required = true,
      description = "A public key that collectors trust, or a directory; several may be given.")
  private List<Path> keys = List.of();

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws CommandFailure, IOException {
    Trust.Statement read;
    Manifest facts = BaselineFiles.manifest(manifest);
    try {
      read = Trust.of(keys).statement(baseline, null);
      if (!facts.digest().equals(read.baseline().manifest())) {
        throw new UntrustedException(
            BaselineFiles.shown(manifest)
                + ": the manifest is sha256:"
                + facts.digest().hex()
                + ", signed was sha256:"
                + read.baseline().manifest().hex());
      }
    } catch (UntrustedException e) {
      return refused(String.valueOf(e.getMessage()));
    }
    List<String> deviating = deviating(read.baseline(), facts);
    if (!deviating.isEmpty()) {
      return refused(
          "every host would deviate by "
              + String.join(", ", deviating)
              + "; sign it with the expectation {facet: file, glob: \"/usr/lib/patina{,/**}\","
              + " ignored: true}");
    }
    byte[] statement = BaselineFiles.text(baseline).getBytes(StandardCharsets.UTF_8);
    byte[] packed = packed(facts);
    Path target = write(read.baseline(), statement, packed);
    answer(read, target, statement.length + packed.length);
    return 0;
  }

  /** What is embedded is not in the manifest, and the manifest may be meant to be all there is. */
  private static List<String> deviating(GoldenBaseline golden, Manifest facts) {
    List<Entry> added = new ArrayList<>();
    for (String path : Embedding.paths()) {
      FactKey key = FactKey.file(com.google.protobuf.ByteString.copyFromUtf8(path));
      if (facts.find(key).isEmpty()) {
        added.add(Entry.of(key, new Attributes.Builder().text(Attributes.TYPE, "file").build()));
      }
    }
    List<String> deviating = new ArrayList<>();
    golden
        .comparer()
        .compareAll(
            Manifest.of(facts.scope(), List.of()),
            Manifest.of(facts.scope(), added),
            c -> {
              if (c instanceof Comparison.Differs d
                  && added.stream().anyMatch(a -> a.key().equals(d.difference().key()))) {
                deviating.add(d.difference().key().displayName());
              }
            });
    return deviating;
  }

  /** As a file of its own would be, whatever form the given one has. */
  private static byte[] packed(Manifest facts) throws IOException {
    Path file = Files.createTempFile("patina", ".zst");
    try {
      io.patina.manifest.ManifestFile.write(facts, file);
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Path write(GoldenBaseline golden, byte[] statement, byte[] packed) throws CommandFailure {
    Path root = where.root;
    Path output = where.output;
    if (root != null) {
      try {
        Embedding.into(root, statement, packed);
        return root.resolve(Embedding.DIRECTORY.substring(1));
      } catch (NotDirectoryException e) {
        throw new CommandFailure(
            Escaped.text(String.valueOf(e.getMessage())) + " is no directory of the image", e);
      } catch (IOException e) {
        throw BaselineFiles.unwritable(root, e);
      }
    }
    if (output == null) {
      throw new IllegalStateException("one of both is required");
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(output))) {
      Embedding.tar(out, statement, packed, golden.createdAt());
      return output;
    } catch (IOException e) {
      throw BaselineFiles.unwritable(output, e);
    }
  }

  private void answer(Trust.Statement read, Path target, long bytes) throws IOException {
    GoldenBaseline golden = read.baseline();
    answer.give(
        json -> {
          json.writeBooleanField("embedded", true);
          json.writeStringField("target", target.toString());
          json.writeStringField("directory", Embedding.DIRECTORY);
          json.writeStringField("name", golden.name());
          json.writeStringField("version", golden.version());
          json.writeStringField("statement", read.digest().hex());
          json.writeStringField("manifest", golden.manifest().hex());
          json.writeStringField("keyId", read.signer().id());
          json.writeNumberField("bytes", bytes);
        },
        () -> {
          answer.line(
              BaselineFiles.shown(target)
                  + ": "
                  + golden.name()
                  + " "
                  + golden.version()
                  + " embedded, "
                  + bytes
                  + " bytes");
          answer.line("  manifest      sha256:" + golden.manifest().hex());
          answer.line(
              "  collectors    baseline.embedded.trust=DIR, with key "
                  + read.signer().id()
                  + " in it");
          answer.line("  the engine    must have the baseline before the first host reports");
        });
  }

  private int refused(String reason) throws IOException {
    answer.give(
        out -> {
          out.writeBooleanField("embedded", false);
          out.writeStringField("reason", reason);
        },
        () ->
            answer.line("refused: " + BaselineFiles.shown(baseline) + ": " + Escaped.text(reason)));
    return 1;
  }
}
