package io.patina.collector.asking;

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
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How a command answers: lines for people, or one JSON object in plain ASCII. A mixin of the
 * command, with the option by which it is told.
 */
public abstract class Answer {

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** With {@code --format text|json}. */
  public static final class ByFormat extends Answer {
    private enum Form {
      TEXT,
      JSON
    }

    @Option(
        names = "--format",
        paramLabel = "text|json",
        defaultValue = "text",
        description = "How to answer (default: text).")
    private Form form = Form.TEXT;

    @Override
    boolean isJson() {
      return form == Form.JSON;
    }
  }

  /** With {@code --json}, where the format is another's. */
  public static final class ByJson extends Answer {
    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Override
    boolean isJson() {
      return json;
    }
  }

  /** Whether it is one JSON object. */
  abstract boolean isJson();

  /** Writes the fields of one JSON object. */
  public interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /** Writes lines. */
  public interface Lines {
    void write() throws IOException;
  }

  /**
   * Answers in the form that was asked for.
   *
   * @param text calls {@link #line}
   */
  public void give(Fields json, Lines text) throws IOException {
    if (isJson()) {
      json(json);
    } else {
      text.write();
    }
    out().flush();
  }

  /** The same, with what somebody else answered as the object. */
  public void give(JsonNode answered, Lines text) throws IOException {
    if (isJson()) {
      out()
          .println(
              new ObjectMapper(JSON).writerWithDefaultPrettyPrinter().writeValueAsString(answered));
    } else {
      text.write();
    }
    out().flush();
  }

  private void json(Fields fields) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out())) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  /** Writes a line, whatever is in it. */
  public void line(String text) {
    out().println(Escaped.text(text).replace("\\\\", "\\"));
  }

  private PrintWriter out() {
    if (command == null) {
      throw new IllegalStateException("picocli sets the spec before it calls a command");
    }
    return command.commandLine().getOut();
  }
}
