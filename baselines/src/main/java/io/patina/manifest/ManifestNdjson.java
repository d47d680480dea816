package io.patina.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A manifest as one JSON object per line, for people and scripts.
 *
 * <p>First line: {@code {"patina":"manifest","form":1,"scope":hex}}. Then per entry {@code
 * {"facet","key","attributes":{...}}} or {@code {"facet","key","gap",prefix}}. Digests are
 * hexadecimal. Bytes that are not UTF-8 stand as base64 under {@code keyBytes} and {@code
 * attributesBytes} instead. Nothing is lost either way.
 */
public final class ManifestNdjson {

  /** ASCII only: a terminal that shows the lines executes nothing of them. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private ManifestNdjson() {}

  public static void write(Manifest manifest, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
      json.writeStartObject();
      json.writeStringField("patina", "manifest");
      json.writeNumberField("form", Manifest.FORM);
      json.writeStringField("scope", manifest.scope().hex());
      json.writeEndObject();
      for (Entry entry : manifest) {
        write(json, entry);
      }
      json.writeRaw('\n');
    }
  }

  private static void write(JsonGenerator json, Entry entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("facet", entry.key().facet());
    ByteString name = entry.key().name();
    if (name.isValidUtf8()) {
      json.writeStringField("key", name.toStringUtf8());
    } else {
      json.writeStringField("keyBytes", base64(name));
    }
    Optional<Gap> gap = entry.gap();
    if (gap.isPresent()) {
      json.writeStringField("gap", gap.get().reason());
      json.writeBooleanField("prefix", gap.get().prefix());
    } else {
      writeAttributes(json, entry.attributes());
    }
    json.writeEndObject();
  }

  private static void writeAttributes(JsonGenerator json, Attributes attributes)
      throws IOException {
    List<Map.Entry<String, ByteString>> raw = new ArrayList<>();
    json.writeObjectFieldStart("attributes");
    for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
      if (Attributes.isBinary(a.getKey())) {
        json.writeStringField(a.getKey(), HexFormat.of().formatHex(a.getValue().toByteArray()));
      } else if (a.getValue().isValidUtf8()) {
        json.writeStringField(a.getKey(), a.getValue().toStringUtf8());
      } else {
        raw.add(a);
      }
    }
    json.writeEndObject();
    if (!raw.isEmpty()) {
      json.writeObjectFieldStart("attributesBytes");
      for (Map.Entry<String, ByteString> a : raw) {
        json.writeStringField(a.getKey(), base64(a.getValue()));
      }
      json.writeEndObject();
    }
  }

  /**
   * Reads what {@link #write} wrote; lines may be in any order after the first.
   *
   * @throws MalformedManifestException naming the line that is wrong
   */
  public static Manifest read(InputStream in) throws IOException, MalformedManifestException {
    EntrySorter entries = new EntrySorter();
    int line = 1;
    try (MappingIterator<JsonNode> lines =
        new ObjectMapper().readerFor(JsonNode.class).readValues(in)) {
      if (!lines.hasNextValue()) {
        throw new MalformedManifestException("line 1: empty");
      }
      JsonNode header = lines.nextValue();
      if (!header.path("patina").asText().equals("manifest")
          || header.path("form").asInt() != Manifest.FORM) {
        throw new MalformedManifestException("line 1: not the header of a manifest of form 1");
      }
      Digest scope = Digest.ofHex(header.path("scope").asText());
      while (lines.hasNextValue()) {
        line++;
        entries.add(entry(lines.nextValue()));
      }
      return entries.build(scope);
    } catch (com.fasterxml.jackson.core.JsonProcessingException | IllegalArgumentException e) {
      throw new MalformedManifestException("line " + line + ": " + e.getMessage(), e);
    }
  }

  private static Entry entry(JsonNode node) {
    FactKey key =
        new FactKey(
            node.path("facet").asText(),
            node.has("key")
                ? ByteString.copyFromUtf8(node.path("key").asText())
                : bytes(node.path("keyBytes").asText()));
    if (node.has("gap")) {
      return Entry.of(new Gap(key, node.path("prefix").asBoolean(), node.path("gap").asText()));
    }
    Attributes.Builder attributes = new Attributes.Builder();
    for (Map.Entry<String, JsonNode> a : node.path("attributes").properties()) {
      String text = a.getValue().asText();
      attributes.bytes(
          a.getKey(),
          Attributes.isBinary(a.getKey())
              ? ByteString.copyFrom(HexFormat.of().parseHex(text))
              : ByteString.copyFromUtf8(text));
    }
    for (Map.Entry<String, JsonNode> a : node.path("attributesBytes").properties()) {
      attributes.bytes(a.getKey(), bytes(a.getValue().asText()));
    }
    return Entry.decode(Entry.of(key, attributes.build()).canonical());
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static ByteString bytes(String base64) {
    return ByteString.copyFrom(Base64.getDecoder().decode(base64));
  }
}
