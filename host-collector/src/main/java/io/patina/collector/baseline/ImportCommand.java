package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baseline import}: makes a manifest of what others publish. */
@Command(
    name = "import",
    description = "Makes a manifest of what a source states; what it does not, is not compared.",
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  /** The formats, for --help. */
  static final class Words extends ArrayList<String> {
    Words() {
      super(ImportFormat.words());
    }
  }

  @Parameters(paramLabel = "FILE", description = "The source; a directory for some formats.")
  private Path source = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      completionCandidates = Words.class,
      description = "What the source is: ${COMPLETION-CANDIDATES}.")
  private String format = "";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "Manifest to write; with the ending .ndjson one JSON object per line.")
  private Path output = Path.of("");

  @Option(
      names = "--scope",
      paramLabel = "FILE",
      description =
          "What hosts are observed under (YAML); the rest is left out (default: capture's).")
  private @Nullable Path scope;

  @Option(
      names = "--select",
      paramLabel = "WORD",
      description = "Which of several: tag, platform or digest; ref; partition number.")
  private @Nullable String select;

  @Option(
      names = "--max-unpacked",
      paramLabel = "BYTES",
      defaultValue = "68719476736",
      description = "Most bytes read after unpacking (default: 64 GiB).")
  private long maxUnpacked = Limits.STANDARD.unpackedBytes();

  @Mixin private Answer answer = new Answer.ByJson();

  @Override
  public Integer call() throws CommandFailure, IOException {
    ImportFormat known =
        ImportFormat.named(format)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "unknown format "
                            + Escaped.text(format)
                            + "; these are known:\n"
                            + ImportFormat.list()));
    Limits standard = Limits.STANDARD;
    Limits limits =
        new Limits(
            standard.entries(), standard.manifestBytes(), maxUnpacked, standard.documentBytes());
    Imported imported;
    try {
      imported =
          known.read(source, Optional.ofNullable(select), BaselineFiles.scope(scope), limits);
    } catch (InvalidImportException e) {
      throw new CommandFailure(
          BaselineFiles.shown(source) + " cannot be imported: " + e.getMessage(), e);
    } catch (IOException e) {
      throw BaselineFiles.unreadable(source, e);
    }
    BaselineFiles.write(imported.manifest(), output);
    Map<String, Long> facets = new TreeMap<>();
    long gaps = 0;
    for (Entry entry : imported.manifest()) {
      if (entry.isGap()) {
        gaps++;
      } else {
        facets.merge(entry.key().facet(), 1L, Long::sum);
      }
    }
    answer(imported, facets, gaps);
    return 0;
  }

  private void answer(Imported imported, Map<String, Long> facets, long gaps) throws IOException {
    String digest = imported.manifest().digest().hex();
    answer.give(
        out -> {
          out.writeStringField("manifest", output.toString());
          out.writeStringField("digest", digest);
          out.writeStringField("scope", imported.manifest().scope().hex());
          out.writeObjectFieldStart("facts");
          for (Map.Entry<String, Long> f : facets.entrySet()) {
            out.writeNumberField(f.getKey(), f.getValue());
          }
          out.writeEndObject();
          out.writeNumberField("gaps", gaps);
          strings(out, "cannotKnow", imported.cannotKnow());
          strings(out, "notes", imported.notes());
        },
        () -> text(imported, facets, gaps, digest));
  }

  private void text(Imported imported, Map<String, Long> facets, long gaps, String digest) {
    long facts = facets.values().stream().mapToLong(Long::longValue).sum();
    answer.line(
        String.format(
            Locale.ROOT, "%s: %,d facts, %,d gaps, sha256:%s", output, facts, gaps, digest));
    facets.forEach((f, n) -> answer.line(String.format(Locale.ROOT, "  %-8s %,d", f, n)));
    if (!imported.notes().isEmpty()) {
      answer.line("of this source:");
      imported.notes().forEach(n -> answer.line("  " + n));
    }
    answer.line("not stated by such a source, and so not compared:");
    imported.cannotKnow().forEach(n -> answer.line("  " + n));
  }

  private static void strings(
      com.fasterxml.jackson.core.JsonGenerator out, String field, List<String> values)
      throws IOException {
    out.writeArrayFieldStart(field);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }
}
