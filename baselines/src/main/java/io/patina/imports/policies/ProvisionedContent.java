package io.patina.imports.policies;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.imports.BoundedInput;
import io.patina.imports.InvalidImportException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The content that an Ignition configuration carries in a data URL (RFC 2397). */
final class ProvisionedContent {

  /** Largest unpacked content, in bytes; Ignition keeps all of it in memory, too. */
  private static final int MAX = 64 << 20;

  private ProvisionedContent() {}

  /**
   * The bytes that are written.
   *
   * @param contents with {@code source} and {@code compression}
   * @return empty if they are to be fetched from elsewhere
   */
  static Optional<ByteString> of(JsonNode contents, String where) throws InvalidImportException {
    String source = contents.path("source").asText();
    if (!source.startsWith("data:")) {
      return Optional.empty();
    }
    int comma = source.indexOf(',');
    if (comma < 0) {
      throw new InvalidImportException(where + ": a data URL without a comma");
    }
    String media = source.substring("data:".length(), comma).toLowerCase(Locale.ROOT);
    byte[] bytes;
    try {
      bytes = percent(source.substring(comma + 1));
      if (media.endsWith(";base64")) {
        bytes = Base64.getMimeDecoder().decode(bytes);
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidImportException(where + ": a data URL: " + e.getMessage(), e);
    }
    return switch (contents.path("compression").asText()) {
      case "", "null" -> Optional.of(ByteString.copyFrom(bytes));
      case "gzip" -> Optional.of(gunzip(bytes, where));
      default -> throw new InvalidImportException(where + ": a compression other than gzip");
    };
  }

  private static byte[] percent(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        out.write(bytes[i]);
        continue;
      }
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException("% without two hexadecimal digits");
      }
      out.write(high << 4 | low);
      i += 2;
    }
    return out.toByteArray();
  }

  private static ByteString gunzip(byte[] bytes, String where) throws InvalidImportException {
    try {
      return ByteString.readFrom(
          new BoundedInput(
              new GZIPInputStream(new ByteArrayInputStream(bytes)), MAX, "the content"));
    } catch (IOException e) {
      throw new InvalidImportException(where + ": " + e.getMessage(), e);
    }
  }
}
