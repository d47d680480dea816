package io.patina.signing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A signed envelope: DSSE v1 (github.com/secure-systems-lab/dsse, protocol.md and envelope.md).
 *
 * @param payloadType the media type of the payload
 * @param payload the bytes that are signed, untouched
 */
public record Envelope(String payloadType, ByteString payload, List<Signature> signatures) {

  /** Media type of an in-toto statement. */
  public static final String IN_TOTO = "application/vnd.in-toto+json";

  /** One object, each of its keys once, nothing after it: what is ambiguous is refused. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  static final String DOES_NOT_FIT = "the signature does not fit the payload";
  static final String NOT_TRUSTED = "no signature is by a key that is trusted here";
  private static final String REWRITTEN =
      DOES_NOT_FIT
          + ": it looks re-serialised, formatted or reordered; pass on the envelope as it was made";

  /** Largest envelope read, in characters. */
  public static final int MAX_JSON = 16 * 1024 * 1024;

  /**
   * One signature.
   *
   * @param keyId {@link PublicKey#id}
   * @param bytes 64 bytes
   */
  public record Signature(String keyId, ByteString bytes) {}

  public Envelope {
    signatures = List.copyOf(signatures);
  }

  /** Signs a payload. */
  public static Envelope sign(String payloadType, ByteString payload, SigningKey key) {
    return new Envelope(
        payloadType,
        payload,
        List.of(
            new Signature(
                key.publicKey().id(), key.sign(preAuthentication(payloadType, payload)))));
  }

  /**
   * Verifies and only then hands out the payload.
   *
   * @return the payload and who signed it
   * @throws UntrustedException if no signature by a trusted key is right
   */
  public Verified verify(TrustRoots roots, String expectedType) throws UntrustedException {
    if (!payloadType.equals(expectedType)) {
      throw new UntrustedException("the payload is not of type " + expectedType);
    }
    if (signatures.isEmpty()) {
      throw new UntrustedException("there is no signature");
    }
    ByteString message = preAuthentication(payloadType, payload);
    boolean known = false;
    UntrustedException refused = null;
    for (Signature s : signatures) {
      var key = roots.find(s.keyId());
      if (key.isPresent()) {
        known = true;
        if (key.get().verify(message, s.bytes())) {
          try {
            roots.mustCount(key.get());
            return new Verified(payload, key.get());
          } catch (UntrustedException e) {
            // Another signature may be by a key that counts.
            refused = e;
          }
        }
      } else if (roots.revokedIds().contains(s.keyId())) {
        refused = new UntrustedException("the key " + shown(s.keyId()) + " is revoked");
      }
    }
    if (refused != null) {
      throw refused;
    }
    throw new UntrustedException(
        !known ? NOT_TRUSTED : looksRewritten() ? REWRITTEN : DOES_NOT_FIT);
  }

  private static String shown(String keyId) {
    return keyId.substring(0, Math.min(16, keyId.length()));
  }

  /**
   * Whether the bytes look as if a program had parsed the statement and written it again: spaces or
   * line breaks between its parts, or another part first. Looked at only to explain a refusal.
   */
  private boolean looksRewritten() {
    String text = payload.toStringUtf8();
    return payloadType.equals(IN_TOTO)
        && text.stripLeading().startsWith("{")
        && text.stripTrailing().endsWith("}")
        && (!text.startsWith("{\"_type\":") || text.contains("\": ") || text.contains("\n"));
  }

  /** A payload whose signature was right. */
  public record Verified(ByteString payload, PublicKey signer) {}

  /** DSSE's PAE(type, body). */
  static ByteString preAuthentication(String type, ByteString body) {
    byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
    return ByteString.copyFromUtf8("DSSEv1 " + typeBytes.length + " ")
        .concat(ByteString.copyFrom(typeBytes))
        .concat(ByteString.copyFromUtf8(" " + body.size() + " "))
        .concat(body);
  }

  /** The JSON form, one line. */
  public String json() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("payloadType", payloadType);
    root.put("payload", base64(payload));
    ArrayNode list = root.putArray("signatures");
    for (Signature s : signatures) {
      list.addObject().put("keyid", s.keyId()).put("sig", base64(s.bytes()));
    }
    return root.toString();
  }

  /**
   * Reads the JSON form.
   *
   * @throws UntrustedException if it is not an envelope
   */
  public static Envelope ofJson(String json) throws UntrustedException {
    if (json.length() > MAX_JSON) {
      throw new UntrustedException("an envelope of more than " + MAX_JSON + " characters");
    }
    try {
      JsonNode root = JSON.readTree(json);
      if (!root.isObject()) {
        throw new UntrustedException("not a DSSE envelope: no object");
      }
      List<Signature> signatures = new ArrayList<>();
      for (JsonNode s : root.path("signatures")) {
        signatures.add(new Signature(s.path("keyid").asText(), bytes(s.path("sig"))));
      }
      return new Envelope(
          root.path("payloadType").asText(), bytes(root.path("payload")), signatures);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new UntrustedException("not a DSSE envelope: " + e.getMessage(), e);
    }
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /** DSSE allows both alphabets. */
  private static ByteString bytes(JsonNode node) {
    String text = node.asText().replace('-', '+').replace('_', '/');
    return ByteString.copyFrom(Base64.getDecoder().decode(text));
  }
}
