package io.patina.collector.baseline;

import io.patina.imports.Exported;
import io.patina.imports.components.CycloneDx;
import io.patina.imports.mtree.MtreeWriter;
import io.patina.imports.policies.KeylimePolicy;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestNdjson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be exported to. */
enum ExportFormat {
  MTREE("mtree", "mtree(5): files", MtreeWriter::write),
  CYCLONEDX("cyclonedx", "CycloneDX 1.5 in JSON: packages", CycloneDx::write),
  KEYLIME("keylime", "Keylime runtime policy: digests", KeylimePolicy::write),
  NDJSON("ndjson", "everything, one JSON object per line", ExportFormat::ndjson);

  /** Writes a manifest. */
  interface Writer {
    Exported write(Manifest manifest, OutputStream out) throws IOException;
  }

  private final String word;
  private final String description;

  // A method of a class without state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Writer writer;

  ExportFormat(String word, String description, Writer writer) {
    this.word = word;
    this.description = description;
    this.writer = writer;
  }

  Exported write(Manifest manifest, OutputStream out) throws IOException {
    return writer.write(manifest, out);
  }

  static Optional<ExportFormat> named(String word) {
    return Arrays.stream(values()).filter(f -> f.word.equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(f -> f.word).toList();
  }

  /** One line per format, for people. */
  static String list() {
    return Arrays.stream(values())
        .map(f -> String.format("  %-14s %s", f.word, f.description))
        .collect(Collectors.joining("\n"));
  }

  private static Exported ndjson(Manifest manifest, OutputStream out) throws IOException {
    ManifestNdjson.write(manifest, out);
    return new Exported(manifest.size(), Map.of());
  }
}
