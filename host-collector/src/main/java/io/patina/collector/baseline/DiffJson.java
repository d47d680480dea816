package io.patina.collector.baseline;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.patina.comparison.Change;
import io.patina.comparison.ManifestDiff;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Optional;

/** A diff as one JSON object, written change by change: a large one needs no memory. */
final class DiffJson {
  private DiffJson() {}

  /** Answers how many changes there are. */
  static long write(Manifest a, Manifest b, JsonGenerator json) throws IOException {
    EnumMap<Change.Kind, Long> counts = new EnumMap<>(Change.Kind.class);
    json.writeStringField("before", a.digest().hex());
    json.writeStringField("after", b.digest().hex());
    json.writeBooleanField("sameScope", a.scope().equals(b.scope()));
    json.writeArrayFieldStart("changes");
    try {
      ManifestDiff.walk(
          a,
          b,
          change -> {
            counts.merge(change.kind(), 1L, Long::sum);
            write(change, json);
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("counts");
    for (Change.Kind kind : Change.Kind.values()) {
      json.writeNumberField(kind.word(), counts.getOrDefault(kind, 0L));
    }
    json.writeEndObject();
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void write(Change change, JsonGenerator json) {
    try {
      json.writeStartObject();
      key(json, change.key());
      json.writeStringField("kind", change.kind().word());
      Optional<String> owner = change.owner();
      if (owner.isPresent()) {
        json.writeStringField("package", owner.get());
      }
      if (!change.gapBefore().isEmpty()) {
        json.writeStringField("gapBefore", change.gapBefore());
      }
      if (!change.gapAfter().isEmpty()) {
        json.writeStringField("gapAfter", change.gapAfter());
      }
      json.writeArrayFieldStart("attributes");
      for (Change.Attribute a : change.attributes()) {
        json.writeStartObject();
        json.writeStringField("name", a.name());
        value(json, "before", a.name(), a.before());
        value(json, "after", a.name(), a.after());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void key(JsonGenerator json, FactKey key) throws IOException {
    json.writeStringField("facet", key.facet());
    if (key.name().isValidUtf8()) {
      json.writeStringField("key", key.name().toStringUtf8());
    } else {
      json.writeStringField("key", key.displayName());
      json.writeStringField("keyBytes", base64(key.name()));
    }
  }

  private static void value(
      JsonGenerator json, String field, String attribute, Optional<ByteString> value)
      throws IOException {
    if (value.isEmpty()) {
      return;
    }
    ByteString bytes = value.get();
    boolean text = !Attributes.isBinary(attribute) && bytes.isValidUtf8();
    json.writeStringField(field, text ? bytes.toStringUtf8() : Attributes.show(attribute, bytes));
    if (!text && !Attributes.isBinary(attribute)) {
      json.writeStringField(field + "Bytes", base64(bytes));
    }
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
