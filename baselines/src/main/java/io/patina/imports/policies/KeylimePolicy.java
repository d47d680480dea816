package io.patina.imports.policies;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.facts.FileFact;
import io.patina.imports.BoundedInput;
import io.patina.imports.Exported;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.ImportedPath;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.manifest.Manifest;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keylime's runtime policy (keylime/ima/ima.py, RUNTIME_POLICY_SCHEMA): the digests that IMA may
 * measure, by path.
 */
public final class KeylimePolicy {

  /** What a policy does not say. */
  public static final List<String> CANNOT_KNOW =
      List.of(
          "mode, owner, size, links, devices, and files without content: a policy states digests",
          "packages, units, kernel, mounts and os-release",
          "blanks in paths: IMA's log shows them as underscores");

  private KeylimePolicy() {}

  /**
   * Reads a policy, as a stream.
   *
   * @throws InvalidImportException naming line and column
   */
  public static Imported read(InputStream in, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    Gathering gathering = new Gathering(scope, limits);
    InputStream bounded = new BoundedInput(in, limits.unpackedBytes(), "the policy");
    boolean found = false;
    try (JsonParser json = new JsonFactory().createParser(bounded)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidImportException("a policy is a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        if (field.equals("digests") && value == JsonToken.START_OBJECT) {
          found = true;
          digests(json, gathering);
        } else if (field.equals("excludes") && value == JsonToken.START_ARRAY) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            gathering.count("patterns of paths that the policy excludes, not applied");
          }
        } else {
          json.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw new InvalidImportException("the policy is not JSON: " + at(e), e);
    }
    if (!found) {
      throw new InvalidImportException("there are no digests in it; a runtime policy has them");
    }
    return gathering.finish(CANNOT_KNOW);
  }

  private static void digests(JsonParser json, Gathering gathering)
      throws IOException, InvalidImportException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String path = json.currentName();
      String where = "line " + json.currentTokenLocation().getLineNr();
      List<String> allowed = new ArrayList<>();
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw new InvalidImportException(where + ": the digests of a path are a list");
      }
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() != JsonToken.VALUE_STRING || allowed.size() == 10_000) {
          throw new InvalidImportException(where + ": a digest is text; at most 10000 of a path");
        }
        allowed.add(json.getText());
      }
      if (!path.startsWith("/")) {
        gathering.count("names that are no path of a file, such as boot_aggregate, left out");
      } else if (allowed.size() != 1) {
        gathering.count("paths with several digests or none, left out: any of them is right");
      } else {
        add(path, allowed.getFirst(), where, gathering);
      }
    }
  }

  private static void add(String path, String hex, String where, Gathering gathering)
      throws InvalidImportException {
    String attribute =
        switch (hex.length()) {
          case 40 -> "sha1";
          case 64 -> Attributes.SHA256;
          case 128 -> "sha512";
          default -> "";
        };
    if (attribute.isEmpty() || !hex.matches("[0-9a-fA-F]+")) {
      throw new InvalidImportException(
          where + ": not a digest: " + Escaped.text(hex.substring(0, Math.min(140, hex.length()))));
    }
    Attributes attributes =
        new Attributes.Builder()
            .text(Attributes.TYPE, FileFact.REGULAR)
            .bytes(attribute, ByteString.copyFrom(HexFormat.of().parseHex(hex)))
            .build();
    gathering.add(ImportedPath.key(ByteString.copyFromUtf8(path), where), attributes, where);
  }

  /** Writes the digests of a manifest as a policy; the answer counts what it cannot say. */
  public static Exported write(Manifest manifest, OutputStream out) throws IOException {
    Exported.Count count = new Exported.Count();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeObjectFieldStart("meta");
      json.writeNumberField("version", 1);
      // Keylime numbers the generators that it knows; 0 is "unknown".
      json.writeNumberField("generator", 0);
      json.writeEndObject();
      json.writeNumberField("release", 0);
      json.writeObjectFieldStart("digests");
      for (Entry entry : manifest) {
        digest(entry, json, count);
      }
      json.writeEndObject();
      json.writeArrayFieldStart("excludes");
      json.writeEndArray();
      json.writeObjectFieldStart("keyrings");
      json.writeEndObject();
      json.writeObjectFieldStart("ima");
      json.writeArrayFieldStart("ignored_keyrings");
      json.writeEndArray();
      json.writeStringField("log_hash_alg", "sha1");
      json.writeNullField("dm_policy");
      json.writeEndObject();
      json.writeObjectFieldStart("ima-buf");
      json.writeEndObject();
      json.writeStringField("verification-keys", "");
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return count.done();
  }

  private static void digest(Entry entry, JsonGenerator json, Exported.Count count)
      throws IOException {
    if (!entry.key().facet().equals(Facet.FILE.wireName())) {
      count.left("facts of the facet " + entry.key().facet());
      return;
    }
    if (entry.isGap()) {
      count.left("gaps");
      return;
    }
    Attributes attributes = entry.attributes();
    Optional<ByteString> sha256 = attributes.get(Attributes.SHA256);
    if (sha256.isEmpty()) {
      count.left("files without a SHA-256");
    } else if (!entry.key().name().isValidUtf8()) {
      count.left("files whose names are not UTF-8");
    } else {
      json.writeArrayFieldStart(entry.key().name().toStringUtf8());
      json.writeString(HexFormat.of().formatHex(sha256.get().toByteArray()));
      json.writeEndArray();
      count.written();
      for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
        if (!a.getKey().equals(Attributes.SHA256) && !a.getKey().equals(Attributes.TYPE)) {
          count.left("attributes, " + Escaped.text(a.getKey()));
        }
      }
    }
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null
        ? e.getOriginalMessage()
        : "line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ": "
            + e.getOriginalMessage();
  }
}
