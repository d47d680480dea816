package io.patina.imports.components;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.imports.Exported;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.JsonDocument;
import io.patina.imports.Limits;
import io.patina.manifest.Manifest;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * CycloneDX in JSON (CycloneDX 1.4 to 1.6): reads the components that are packages of dpkg or rpm
 * and the operating system, writes them as 1.5.
 */
public final class CycloneDx {

  private static final int MAX_DEPTH = 32;
  private static final String HEADER = "patina:header";

  private CycloneDx() {}

  /**
   * Reads a document.
   *
   * @throws InvalidImportException naming the component
   */
  public static Imported read(InputStream in, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    JsonNode root = JsonDocument.read(in, limits.documentBytes(), "the document");
    if (!root.path("bomFormat").asText().equals("CycloneDX")) {
      throw new InvalidImportException(
          "bomFormat is not CycloneDX; its XML form is not read, write it as JSON");
    }
    Gathering gathering = new Gathering(scope, limits);
    Packages packages = new Packages(gathering);
    JsonNode subject = root.path("metadata").path("component");
    components(subject.path("components"), "metadata.component.components", 0, packages, gathering);
    components(root.path("components"), "components", 0, packages, gathering);
    packages.finish();
    return gathering.finish(Packages.CANNOT_KNOW);
  }

  private static void components(
      JsonNode list, String where, int depth, Packages packages, Gathering gathering)
      throws InvalidImportException {
    if (depth > MAX_DEPTH) {
      throw new InvalidImportException(where + ": components nested deeper than " + MAX_DEPTH);
    }
    int at = 0;
    for (JsonNode component : list) {
      String place = where + "[" + at++ + "]";
      if (component.path("type").asText().equals("operating-system")) {
        operatingSystem(component, place, gathering);
      } else {
        one(component, place, packages, gathering);
      }
      components(
          component.path("components"), place + ".components", depth + 1, packages, gathering);
    }
  }

  private static void one(JsonNode component, String place, Packages packages, Gathering gathering)
      throws InvalidImportException {
    Optional<PackageUrl> url = PackageUrl.parse(component.path("purl").asText());
    if (url.isEmpty()) {
      gathering.count("components that are no deb or rpm package, left out");
      return;
    }
    ByteString header = ByteString.EMPTY;
    for (JsonNode property : component.path("properties")) {
      if (property.path("name").asText().equals(HEADER)) {
        header = hex(property.path("value").asText(), place);
      }
    }
    packages.add(url.get(), component.path("publisher").asText(), header, place);
  }

  private static void operatingSystem(JsonNode component, String place, Gathering gathering)
      throws InvalidImportException {
    String id = component.path("name").asText();
    String version = component.path("version").asText();
    if (!id.isEmpty()) {
      gathering.add(FactKey.of(Facet.OS, "ID"), Attributes.value(id), place);
    }
    if (!version.isEmpty()) {
      gathering.add(FactKey.of(Facet.OS, "VERSION_ID"), Attributes.value(version), place);
    }
  }

  private static ByteString hex(String text, String place) throws InvalidImportException {
    try {
      return ByteString.copyFrom(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidImportException(place + ": " + HEADER + " is not hexadecimal", e);
    }
  }

  /** Writes the packages of a manifest; the answer counts what CycloneDX cannot say. */
  public static Exported write(Manifest manifest, OutputStream out) throws IOException {
    Exported.Count count = new Exported.Count();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("bomFormat", "CycloneDX");
      json.writeStringField("specVersion", "1.5");
      json.writeNumberField("version", 1);
      json.writeArrayFieldStart("components");
      operatingSystem(manifest, json, count);
      for (Entry entry : manifest) {
        String facet = entry.key().facet();
        if (entry.isGap()) {
          count.left("gaps");
        } else if (facet.equals(Facet.PACKAGE.wireName())) {
          write(entry, json, count);
        } else if (!facet.equals(Facet.OS.wireName())) {
          count.left("facts of the facet " + facet);
        }
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return count.done();
  }

  private static void operatingSystem(Manifest manifest, JsonGenerator json, Exported.Count count)
      throws IOException {
    long facts = 0;
    for (int i = manifest.position(FactKey.of(Facet.OS, " ")); i < manifest.size(); i++) {
      Entry entry = manifest.get(i);
      if (!entry.key().facet().equals(Facet.OS.wireName())) {
        break;
      }
      String name = entry.key().displayName();
      if (!entry.isGap() && !name.equals("ID") && !name.equals("VERSION_ID")) {
        count.left("facts of the facet os other than ID and VERSION_ID");
      } else {
        facts++;
      }
    }
    Optional<String> id = os(manifest, "ID");
    Optional<String> version = os(manifest, "VERSION_ID");
    if (id.isPresent()) {
      json.writeStartObject();
      json.writeStringField("type", "operating-system");
      json.writeStringField("name", id.get());
      if (version.isPresent()) {
        json.writeStringField("version", version.get());
      }
      json.writeEndObject();
      for (long i = 0; i < facts; i++) {
        count.written();
      }
    } else if (version.isPresent()) {
      count.left("a VERSION_ID without an ID");
    }
  }

  private static Optional<String> os(Manifest manifest, String field) {
    return manifest
        .find(FactKey.of(Facet.OS, field))
        .filter(e -> !e.isGap())
        .flatMap(e -> e.attributes().get(Attributes.VALUE))
        .map(ByteString::toStringUtf8);
  }

  private static void write(Entry entry, JsonGenerator json, Exported.Count count)
      throws IOException {
    Attributes attributes = entry.attributes();
    ByteString versions = attributes.get("versions").orElse(ByteString.EMPTY);
    boolean whole = entry.key().name().isValidUtf8() && versions.isValidUtf8();
    String key = entry.key().name().toStringUtf8();
    boolean first = true;
    for (String version : versions.toStringUtf8().split(" ", -1)) {
      Optional<PackageUrl> url = whole ? PackageUrl.of(key, version) : Optional.empty();
      if (url.isEmpty() || version.isEmpty()) {
        count.left("packages without a version, or of another kind than dpkg and rpm");
        return;
      }
      json.writeStartObject();
      json.writeStringField("type", "library");
      json.writeStringField("bom-ref", url.get().text());
      json.writeStringField("name", url.get().name());
      json.writeStringField("version", version);
      json.writeStringField("purl", url.get().text());
      if (first) {
        for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
          attribute(a.getKey(), a.getValue(), json, count);
        }
      }
      json.writeEndObject();
      first = false;
    }
    count.written();
  }

  private static void attribute(
      String name, ByteString value, JsonGenerator json, Exported.Count count) throws IOException {
    switch (name) {
      case "versions" -> {}
      case "vendor" -> json.writeStringField("publisher", value.toStringUtf8());
      case "header" -> {
        json.writeArrayFieldStart("properties");
        json.writeStartObject();
        json.writeStringField("name", HEADER);
        json.writeStringField("value", HexFormat.of().formatHex(value.toByteArray()));
        json.writeEndObject();
        json.writeEndArray();
      }
      default -> count.left("attributes, " + io.patina.facts.Escaped.text(name));
    }
  }
}
