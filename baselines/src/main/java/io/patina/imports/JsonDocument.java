package io.patina.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/** Reads a JSON document that may be hostile, as a whole and within a bound. */
public final class JsonDocument {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonDocument() {}

  /**
   * The document.
   *
   * @param what names it in the refusal
   * @throws InvalidImportException with line and column if it is none or over the bound
   */
  public static JsonNode read(InputStream in, long maxBytes, String what)
      throws IOException, InvalidImportException {
    try {
      JsonNode root = JSON.readTree(new BoundedInput(in, maxBytes, what));
      if (root == null || !root.isContainerNode()) {
        throw new InvalidImportException(what + " is no JSON object");
      }
      return root;
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : ", line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr();
      throw new InvalidImportException(what + where + ": not JSON: " + e.getOriginalMessage(), e);
    } catch (BoundedInput.Exceeded e) {
      throw new InvalidImportException(e.getMessage() == null ? what : e.getMessage(), e);
    }
  }
}
