package io.patina.collector.baseline;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.facts.Escaped;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import io.patina.promotion.Promotion;
import io.patina.promotion.ProposedExpectations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
  private static final int LARGEST_LABELS = 64 << 20;

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

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Labels that are assigned to the hosts, JSON: {\"HOST\": {\"NAME\": \"VALUE\"}}. What follows"
              + " from one is proposed as a reference to it.")
  private @Nullable Path labels;

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws CommandFailure, IOException {
    Map<String, Manifest> hosts = new LinkedHashMap<>();
    for (Path capture : captures) {
      String host = String.valueOf(capture.getFileName()).replaceFirst("\\.(zst|ndjson)$", "");
      if (hosts.put(host, BaselineFiles.manifest(capture)) != null) {
        throw new CommandFailure("two captures are called " + Escaped.text(host));
      }
    }
    Promotion promotion;
    try {
      promotion = Promotion.of(hosts, share, labels(hosts.keySet()));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
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

  private Map<String, Map<String, String>> labels(Set<String> hosts)
      throws CommandFailure, IOException {
    Path file = labels;
    if (file == null) {
      return Map.of();
    }
    if (Files.size(file) > LARGEST_LABELS) {
      throw new CommandFailure(BaselineFiles.shown(file) + " is over 64 MiB");
    }
    Map<String, Map<String, String>> found = new HashMap<>();
    try {
      JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
      for (Map.Entry<String, JsonNode> host : root.properties()) {
        Map<String, String> assigned = new HashMap<>();
        for (Map.Entry<String, JsonNode> label : host.getValue().properties()) {
          if (!label.getValue().isTextual()) {
            throw new CommandFailure(
                BaselineFiles.shown(file)
                    + ": the label "
                    + Escaped.text(label.getKey())
                    + " of "
                    + Escaped.text(host.getKey())
                    + " is no text");
          }
          assigned.put(label.getKey(), label.getValue().textValue());
        }
        found.put(host.getKey(), assigned);
      }
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          BaselineFiles.shown(file)
              + " is no JSON such as {\"web1\": {\"host\": \"web1\"}}: "
              + Escaped.text(String.valueOf(e.getOriginalMessage())),
          e);
    }
    if (found.keySet().stream().noneMatch(hosts::contains)) {
      throw new CommandFailure(
          BaselineFiles.shown(file)
              + " names none of the hosts: they are called like their files, "
              + Escaped.text(hosts.iterator().next()));
    }
    return found;
  }

  private static int proposals(Promotion promotion) {
    Set<FactKey> keys = new HashSet<>(promotion.differing().keySet());
    keys.addAll(promotion.labelled().keySet());
    return keys.size();
  }

  private void text(Promotion promotion, ProposedExpectations.Written proposed) {
    answer.line(output + ": a draft of " + promotion.draft().size() + " facts");
    answer.line(
        BaselineFiles.shown(expectations)
            + ": "
            + (proposals(promotion) - proposed.unwritable().size())
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
    out.writeNumberField("proposed", proposals(promotion) - proposed.unwritable().size());
    out.writeNumberField("labelled", promotion.labelled().size());
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
