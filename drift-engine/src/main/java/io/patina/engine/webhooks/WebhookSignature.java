package io.patina.engine.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as Standard Webhooks 1.0.0 says (github.com/standard-webhooks/standard-webhooks):
 * HMAC-SHA256 over {@code id.timestamp.body}.
 */
public final class WebhookSignature {

  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  private WebhookSignature(SecretKeySpec key) {
    this.key = key;
  }

  /**
   * @param secret {@code whsec_} and the base64 of 24 to 64 bytes
   * @throws IllegalArgumentException if it is not
   */
  public static WebhookSignature of(String secret) {
    if (!secret.startsWith(PREFIX)) {
      throw new IllegalArgumentException("a webhook secret begins with " + PREFIX);
    }
    byte[] bytes = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
    if (bytes.length < 24 || bytes.length > 64) {
      throw new IllegalArgumentException("a webhook secret has 24 to 64 bytes");
    }
    return new WebhookSignature(new SecretKeySpec(bytes, ALGORITHM));
  }

  /** The value of {@code webhook-signature}. */
  public String sign(String id, long epochSeconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((id + "." + epochSeconds + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
