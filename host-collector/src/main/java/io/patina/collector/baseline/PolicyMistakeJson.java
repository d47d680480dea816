package io.patina.collector.baseline;

import com.fasterxml.jackson.core.JsonGenerator;
import io.patina.policy.InvalidPolicyException;
import java.io.IOException;

/** A mistake in a policy as fields of a JSON object. */
final class PolicyMistakeJson {

  private PolicyMistakeJson() {}

  static void write(JsonGenerator json, InvalidPolicyException mistake) throws IOException {
    json.writeStringField("mistake", mistake.getMessage());
    place(json, mistake);
  }

  /** Where it is, and what to write instead. */
  static void place(JsonGenerator json, InvalidPolicyException mistake) throws IOException {
    json.writeNumberField("line", mistake.place().line());
    json.writeNumberField("column", mistake.place().column());
    json.writeStringField("hint", mistake.hint());
  }
}
