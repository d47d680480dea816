package io.patina.collector.baseline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.facts.Escaped;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** How a command answers: lines for people, or one JSON object in plain ASCII. */
final class Answer {

  /** The forms of an answer. */
  enum Form {
    TEXT,
    JSON
  }

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final PrintWriter out;

  private Answer(PrintWriter out) {
    this.out = out;
  }

  static Answer to(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the spec before it calls a command");
    }
    return new Answer(spec.commandLine().getOut());
  }

  /** Writes the fields of one JSON object. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  void json(Fields fields) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
      json.writeRaw('\n');
    }
    out.flush();
  }

  /** Writes what somebody else answered. */
  void json(JsonNode answered) throws IOException {
    out.println(
        new ObjectMapper(JSON).writerWithDefaultPrettyPrinter().writeValueAsString(answered));
    out.flush();
  }

  /** Writes a line, whatever is in it. */
  void line(String text) {
    out.println(Escaped.text(text).replace("\\\\", "\\"));
  }

  void flush() {
    out.flush();
  }
}
