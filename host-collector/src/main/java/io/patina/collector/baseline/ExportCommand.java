package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.facts.Escaped;
import io.patina.imports.Exported;
import io.patina.manifest.Manifest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baseline export}: writes a manifest in a form that other tools read. */
@Command(
    name = "export",
    description = "Writes a manifest in a form that other tools read; says what is lost.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  /** The formats, for --help. */
  static final class Words extends ArrayList<String> {
    Words() {
      super(ExportFormat.words());
    }
  }

  @Parameters(paramLabel = "MANIFEST", description = "The manifest.")
  private Path manifest = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      completionCandidates = Words.class,
      description = "What to write: ${COMPLETION-CANDIDATES}.")
  private String format = "";

  @Option(names = "--output", paramLabel = "FILE", required = true, description = "File to write.")
  private Path output = Path.of("");

  @Mixin private Answer answer = new Answer.ByJson();

  @Override
  public Integer call() throws CommandFailure, IOException {
    ExportFormat known =
        ExportFormat.named(format)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "unknown format "
                            + Escaped.text(format)
                            + "; these are known:\n"
                            + ExportFormat.list()));
    Manifest facts = BaselineFiles.manifest(manifest);
    Exported exported;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(output), 1 << 16)) {
      exported = known.write(facts, out);
    } catch (IOException e) {
      throw BaselineFiles.unwritable(output, e);
    }
    answer.give(
        out -> {
          out.writeStringField("file", output.toString());
          out.writeNumberField("facts", exported.written());
          out.writeObjectFieldStart("left");
          for (Map.Entry<String, Long> l : exported.left().entrySet()) {
            out.writeNumberField(l.getKey(), l.getValue());
          }
          out.writeEndObject();
        },
        () -> text(exported.written(), facts.size(), exported.left()));
    return 0;
  }

  private void text(long written, long all, Map<String, Long> left) {
    answer.line(String.format(Locale.ROOT, "%s: %,d of %,d facts", output, written, all));
    if (!left.isEmpty()) {
      answer.line("what this format cannot carry:");
      left.forEach((what, n) -> answer.line(String.format(Locale.ROOT, "  %s: %,d", what, n)));
    }
  }
}
