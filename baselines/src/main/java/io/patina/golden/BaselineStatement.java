package io.patina.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.patina.comparison.Expectation;
import io.patina.manifest.Digest;
import io.patina.signing.Envelope;
import io.patina.signing.SigningKey;
import io.patina.signing.TrustRoots;
import io.patina.signing.UntrustedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A golden baseline as an in-toto statement (in-toto Attestation Framework, Statement v1): the
 * subject is the manifest by its SHA-256, the predicate is everything else.
 */
public final class BaselineStatement {

  public static final String PREDICATE_TYPE = "urn:patina:baseline:v1";
  private static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

  private BaselineStatement() {}

  /** Signs a baseline. The envelope's payload bytes are what {@link #digest} names. */
  public static Envelope sign(GoldenBaseline baseline, SigningKey key) {
    return Envelope.sign(Envelope.IN_TOTO, ByteString.copyFromUtf8(json(baseline).toString()), key);
  }

  /** The name of a signed statement: SHA-256 of its payload. */
  public static Digest digest(Envelope envelope) {
    return Digest.of(envelope.payload());
  }

  /**
   * Verifies a statement and reads the baseline.
   *
   * @throws UntrustedException if it is not signed by a trusted key
   * @throws MalformedBaselineException if what was signed is no baseline
   */
  public static GoldenBaseline verify(Envelope envelope, TrustRoots roots)
      throws UntrustedException, MalformedBaselineException {
    ByteString payload = envelope.verify(roots, Envelope.IN_TOTO).payload();
    try {
      return read(new ObjectMapper().readTree(payload.toStringUtf8()));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new MalformedBaselineException("not a baseline: " + e.getMessage(), e);
    }
  }

  private static ObjectNode json(GoldenBaseline b) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("_type", STATEMENT_TYPE);
    ObjectNode subject = root.putArray("subject").addObject();
    subject.put("name", b.name()).putObject("digest").put("sha256", b.manifest().hex());
    root.put("predicateType", PREDICATE_TYPE);
    ObjectNode p = root.putObject("predicate");
    p.put("name", b.name());
    p.put("version", b.version());
    ArrayNode scopes = p.putArray("scopes");
    b.scopes().forEach(s -> scopes.add(s.hex()));
    ArrayNode exhaustive = p.putArray("exhaustive");
    b.exhaustive().forEach(k -> ExpectationJson.keys(exhaustive.addObject(), k));
    ArrayNode expectations = p.putArray("expectations");
    b.expectations().forEach(e -> ExpectationJson.write(expectations.addObject(), e));
    p.put("policy", b.policy());
    b.policyText().ifPresent(text -> p.put("policyText", text));
    ObjectNode selector = p.putObject("selector");
    b.selector().installation().ifPresent(i -> selector.put("installation", i));
    ObjectNode labels = selector.putObject("labels");
    b.selector().labels().forEach(labels::put);
    p.put("createdAt", b.createdAt().toString());
    p.put("author", b.author());
    return root;
  }

  private static GoldenBaseline read(JsonNode root) {
    require(root.path("_type").asText().equals(STATEMENT_TYPE), "not an in-toto statement v1");
    require(
        root.path("predicateType").asText().equals(PREDICATE_TYPE),
        "the predicate is not " + PREDICATE_TYPE);
    require(root.path("subject").size() == 1, "a baseline has one subject");
    JsonNode p = root.path("predicate");
    List<Digest> scopes = new ArrayList<>();
    p.path("scopes").forEach(s -> scopes.add(Digest.ofHex(s.asText())));
    List<Expectation.Keys> exhaustive = new ArrayList<>();
    p.path("exhaustive").forEach(k -> exhaustive.add(ExpectationJson.keys(k)));
    List<Expectation> expectations = new ArrayList<>();
    p.path("expectations").forEach(e -> expectations.add(ExpectationJson.read(e)));
    Map<String, String> labels = new TreeMap<>();
    p.path("selector")
        .path("labels")
        .properties()
        .forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
    return new GoldenBaseline(
        p.path("name").asText(),
        p.path("version").asText(),
        Digest.ofHex(root.path("subject").path(0).path("digest").path("sha256").asText()),
        scopes,
        exhaustive,
        expectations,
        p.path("policy").asText(),
        p.has("policyText") ? Optional.of(p.path("policyText").asText()) : Optional.empty(),
        new Selector(
            p.path("selector").has("installation")
                ? Optional.of(p.path("selector").path("installation").asText())
                : Optional.empty(),
            labels),
        Instant.parse(p.path("createdAt").asText()),
        p.path("author").asText());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
