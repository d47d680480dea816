package io.patina.collector.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/** One JSON object on one line, of ASCII alone: what a benchmark says of one tool. */
public final class ResultLine {
  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;

  /**
   * A line.
   *
   * @param bench name of the benchmark
   * @param tool that was measured
   */
  public ResultLine(String bench, String tool) throws IOException {
    json =
        new JsonFactory()
            .createGenerator(text)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());
    json.writeStartObject();
    json.writeStringField("bench", bench);
    json.writeStringField("tool", tool);
  }

  /** A text. */
  public ResultLine text(String name, String value) throws IOException {
    json.writeStringField(name, value);
    return this;
  }

  /** A count or a number of bytes. */
  public ResultLine number(String name, long value) throws IOException {
    json.writeNumberField(name, value);
    return this;
  }

  /** A yes or no. */
  public ResultLine flag(String name, boolean value) throws IOException {
    json.writeBooleanField(name, value);
    return this;
  }

  /** Seconds, to the millisecond. */
  public ResultLine seconds(String name, double value) throws IOException {
    json.writeNumberField(name, rounded(value));
    return this;
  }

  /** Seconds of every round. */
  public ResultLine rounds(String name, List<Double> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (double value : values) {
      json.writeNumber(rounded(value));
    }
    json.writeEndArray();
    return this;
  }

  /** What a race measured of one tool. */
  public ResultLine times(Measurement m) throws IOException {
    return seconds("wallSeconds", Measurement.median(m.wall()))
        .seconds("cpuSeconds", Measurement.median(m.cpu()))
        .rounds("wall", m.wall())
        .rounds("cpu", m.cpu())
        .flag("ran", !m.failed())
        .text("note", m.contestant().note())
        .text("command", m.contestant().command());
  }

  /** The whole line; nothing can be added after that. */
  public String end() throws IOException {
    json.writeEndObject();
    json.close();
    return text.toString();
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
