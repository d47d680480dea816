package io.patina.collector.baseline;

import com.fasterxml.jackson.core.JsonGenerator;
import io.patina.facts.Escaped;
import io.patina.manifest.Manifest;
import io.patina.promotion.Promotion;
import io.patina.promotion.ProposedExpectations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code baseline promote}: a draft of what most hosts of a pool share. */
@Command(
    name = "promote",
    description = "Makes a draft of what most captured hosts share, and names those that do not.",
    mixinStandardHelpOptions = true)
final class PromoteCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 10;

  @Parameters(
      paramLabel = "MANIFEST",
      arity = "2..*",
      description = "Captures, one of each host; a host is called like its file.")
  private List<Path> captures = List.of();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The manifest of what is shared.")
  private Path output = Path.of("");

  @Option(
      names = "--expectations",
      paramLabel = "FILE",
      required = true,
      description = "Where to propose expectations for what differs from host to host (YAML).")
  private Path expectations = Path.of("");

  @Option(
      names = "--share",
      paramLabel = "PERCENT",
      defaultValue = "95",
      description = "How many of a hundred hosts must be alike, 51 to 100 (default: 95).")
  private int share = 95;

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws BaselineFailure, IOException {
    Map<String, Manifest> hosts = new LinkedHashMap<>();
    for (Path capture : captures) {
      String host = String.valueOf(capture.getFileName()).replaceFirst("\\.(zst|ndjson)$", "");
      if (hosts.put(host, BaselineFiles.manifest(capture)) != null) {
        throw new BaselineFailure("two captures are called " + Escaped.text(host));
      }
    }
    Promotion promotion;
    try {
      promotion = Promotion.of(hosts, share);
    } catch (IllegalArgumentException e) {
      throw new BaselineFailure(String.valueOf(e.getMessage()), e);
    }
    ProposedExpectations.Written proposed = ProposedExpectations.of(promotion);
    BaselineFiles.write(promotion.draft(), output);
    try {
      Files.writeString(
          expectations, proposed.yaml().isEmpty() ? "# nothing differs\n" : proposed.yaml());
    } catch (IOException e) {
      throw BaselineFiles.unwritable(expectations, e);
    }
    answer.give(json -> json(json, promotion, proposed), () -> text(promotion, proposed));
    return 0;
  }

  private void text(Promotion promotion, ProposedExpectations.Written proposed) {
    answer.line(output + ": a draft of " + promotion.draft().size() + " facts");
    answer.line(
        BaselineFiles.shown(expectations)
            + ": "
            + (promotion.differing().size() - proposed.unwritable().size())
            + " proposed expectations");
    promotion
        .outliers()
        .forEach(
            (host, facts) ->
                answer.line("apart: " + Escaped.text(host) + " in " + facts + " attributes"));
    promotion.apart().stream()
        .limit(MOST_SHOWN)
        .forEach(
            a ->
                answer.line(
                    (a.shared() ? "  apart    " : "  divided  ")
                        + a.key()
                        + (a.attribute().isEmpty() ? "" : " " + Escaped.text(a.attribute()))
                        + ": "
                        + a.hosts().size()
                        + " hosts"));
    if (promotion.apart().size() > MOST_SHOWN) {
      answer.line("  and " + (promotion.apart().size() - MOST_SHOWN) + " more with --format json");
    }
    proposed.unwritable().forEach(k -> answer.line("not proposed, not text: " + k));
  }

  private void json(JsonGenerator out, Promotion promotion, ProposedExpectations.Written proposed)
      throws IOException {
    out.writeStringField("manifest", output.toString());
    out.writeStringField("digest", promotion.draft().digest().hex());
    out.writeNumberField("facts", promotion.draft().size());
    out.writeStringField("expectations", expectations.toString());
    out.writeNumberField("proposed", promotion.differing().size() - proposed.unwritable().size());
    out.writeObjectFieldStart("outliers");
    for (Map.Entry<String, Integer> e : promotion.outliers().entrySet()) {
      out.writeNumberField(e.getKey(), e.getValue());
    }
    out.writeEndObject();
    out.writeArrayFieldStart("apart");
    for (Promotion.Apart a : promotion.apart()) {
      out.writeStartObject();
      out.writeStringField("facet", a.key().facet());
      out.writeStringField("key", a.key().displayName());
      out.writeStringField("attribute", a.attribute());
      out.writeBooleanField("shared", a.shared());
      out.writeArrayFieldStart("hosts");
      for (String host : a.hosts()) {
        out.writeString(host);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
