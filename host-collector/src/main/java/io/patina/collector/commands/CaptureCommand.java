package io.patina.collector.commands;

import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.WalkProgress;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import io.patina.manifest.ManifestNdjson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code capture}: observes a root and writes the manifest. */
@Command(
    name = "capture",
    description = "Observes a system and writes what it is to a manifest file.",
    mixinStandardHelpOptions = true)
final class CaptureCommand implements Callable<Integer> {
  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = "/",
      description = "Root of the system to observe (default: /).")
  private String root = "/";

  @Option(
      names = "--scope",
      paramLabel = "FILE",
      description = "What to observe (YAML); without it the default for a general Linux host.")
  private @Nullable Path scope;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "File to write; with the ending .ndjson one JSON object per line.")
  private Path output = Path.of("");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Failure {
    Manifest manifest;
    try (RootDirectory opened = Host.open(root)) {
      manifest = Host.observe(opened, Host.scope(scope), new WalkProgress());
    }
    try {
      if (output.toString().endsWith(".ndjson")) {
        try (OutputStream out = Files.newOutputStream(output)) {
          ManifestNdjson.write(manifest, out);
        }
      } else {
        ManifestFile.write(manifest, output);
      }
    } catch (IOException e) {
      throw new Failure(
          Escaped.text(output.toString()) + " cannot be written: " + e.getMessage(), e);
    }
    long gaps = 0;
    for (Entry entry : manifest) {
      gaps += entry.isGap() ? 1 : 0;
    }
    say(
        String.format(
            Locale.ROOT,
            "%s: %,d facts, %,d gaps, sha256:%s",
            Escaped.text(output.toString()),
            manifest.size() - gaps,
            gaps,
            manifest.digest().hex()));
    return 0;
  }

  private void say(String line) {
    PrintWriter out = Host.out(spec);
    out.println(line);
    out.flush();
  }
}
