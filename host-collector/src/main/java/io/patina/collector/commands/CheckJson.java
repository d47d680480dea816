package io.patina.collector.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.fingerprint.Fingerprint;
import java.io.IOException;
import java.io.Writer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link CheckReport} as one JSON object in plain ASCII: whatever a host's names contain,
 * a terminal that shows the output executes nothing. A key or value that is not UTF-8 stands
 * escaped under its name and as base64 under the name with {@code Bytes}.
 */
final class CheckJson {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .characterEscapes(new DeleteToo())
          .build();

  private CheckJson() {}

  static void write(CheckReport report, Writer out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("verdict", report.assessment().verdict().wireName());
      json.writeStringField("sentence", report.assessment().sentence());
      json.writeNumberField("score", report.assessment().score());
      json.writeStringField("recommendation", report.assessment().recommendation().wireName());
      json.writeStringField("against", report.against());
      json.writeStringField("fingerprint", report.fingerprint().hex());
      json.writeStringField(
          "driftSignature", report.driftSignature().map(Fingerprint::hex).orElse(""));
      json.writeObjectFieldStart("counts");
      json.writeNumberField("facts", report.facts());
      json.writeNumberField("deviations", report.differences().size());
      json.writeNumberField("gaps", report.gaps().size());
      json.writeEndObject();
      json.writeArrayFieldStart("deviations");
      for (Difference d : report.differences()) {
        deviation(json, d);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("gaps");
      for (Gap gap : report.gaps()) {
        json.writeStartObject();
        key(json, gap.key());
        json.writeStringField("reason", gap.reason());
        if (gap.prefix()) {
          json.writeBooleanField("prefix", true);
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("notes");
      for (String note : report.notes()) {
        json.writeString(note);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
    out.flush();
  }

  private static void deviation(JsonGenerator json, Difference d) throws IOException {
    json.writeStartObject();
    key(json, d.key());
    json.writeStringField("kind", d.kind().wireName());
    attributes(json, "expected", d.expected());
    attributes(json, "actual", d.actual());
    if (d.owner().isPresent()) {
      json.writeStringField("owner", d.owner().get());
    }
    json.writeEndObject();
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

  private static void attributes(JsonGenerator json, String field, Attributes attributes)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
      ByteString value = a.getValue();
      if (Attributes.isAnnotation(a.getKey())) {
        continue;
      }
      if (Attributes.isBinary(a.getKey())) {
        json.writeStringField(a.getKey(), HexFormat.of().formatHex(value.toByteArray()));
      } else if (value.isValidUtf8()) {
        json.writeStringField(a.getKey(), value.toStringUtf8());
      } else {
        json.writeStringField(a.getKey(), Attributes.show(a.getKey(), value));
        json.writeStringField(a.getKey() + "Bytes", base64(value));
      }
    }
    json.writeEndObject();
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /** JSON allows DEL as it is; a terminal may not. */
  private static final class DeleteToo extends CharacterEscapes {
    private static final int DEL = 0x7f;

    private final int[] escapes = CharacterEscapes.standardAsciiEscapesForJSON();

    DeleteToo() {
      escapes[DEL] = CharacterEscapes.ESCAPE_CUSTOM;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return escapes.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
      return c == DEL ? new SerializedString("\\u007f") : null;
    }
  }
}
