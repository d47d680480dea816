package io.patina.engine.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.engine.fleet.Api;
import io.patina.engine.fleet.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Tokens of an identity provider, signed here with its key. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(value = OidcIT.Provider.class, restrictToAnnotatedClass = true)
class OidcIT {

  @SuppressWarnings("NullAway.Init") // Quarkus sets it before each test.
  @TestHTTPResource("/")
  URI engine;

  @SuppressWarnings("NullAway.Init")
  @ConfigProperty(name = "test.oidc.private-key")
  Optional<String> privateKey;

  /** Stands for the identity provider: the engine knows its public key. */
  public static final class Provider implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      try {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        Base64.Encoder base64 = Base64.getEncoder();
        return Map.of(
            "quarkus.oidc.tenant-enabled",
            "true",
            "quarkus.oidc.public-key",
            base64.encodeToString(pair.getPublic().getEncoded()),
            "quarkus.oidc.token.issuer",
            "https://login.example",
            "quarkus.oidc.roles.role-claim-path",
            "groups",
            "test.oidc.private-key",
            base64.encodeToString(pair.getPrivate().getEncoded()));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void stop() {}
  }

  @Test
  void theProvidersTokenNamesThePersonAndTheirRoles() throws Exception {
    Api api = new Api(engine);
    String token = token("https://login.example", Instant.now().plusSeconds(600));
    JsonNode me = api.json(200, "GET", "api/v1/me", token, null);
    assertEquals("alice@example.org", me.path("subject").asText());
    assertEquals("oidc", me.path("means").asText());
    assertEquals("[\"auditor\",\"viewer\"]", me.path("roles").toString());
    api.json(200, "GET", "api/v1/audit", token, null);
    api.json(403, "POST", "api/v1/baselines/a/1/approval", token, "{\"reason\":\"x\"}");
    // Both kinds of tokens count beside each other.
    api.json(200, "GET", "api/v1/me", api.token("bob", "viewer"), null);
  }

  @Test
  void whatIsExpiredForeignOrForgedIsRefused() throws Exception {
    Api api = new Api(engine);
    String good = token("https://login.example", Instant.now().plusSeconds(600));
    String[] parts = good.split("\\.", 3);
    String forged =
        parts[0]
            + "."
            + encoded(payload("https://login.example", Instant.now().plusSeconds(9999)))
            + "."
            + parts[2];
    for (String bad :
        new String[] {
          token("https://login.example", Instant.now().minusSeconds(3600)),
          token("https://other.example", Instant.now().plusSeconds(600)),
          forged,
          "not.a.token",
          "nonsense"
        }) {
      api.json(401, "GET", "api/v1/audit", bad, null);
    }
  }

  private String token(String issuer, Instant expires) throws Exception {
    String head = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
    String signed = head + "." + encoded(payload(issuer, expires));
    PrivateKey key =
        java.security.KeyFactory.getInstance("RSA")
            .generatePrivate(
                new java.security.spec.PKCS8EncodedKeySpec(
                    Base64.getDecoder().decode(privateKey.orElseThrow())));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
  }

  private static String payload(String issuer, Instant expires) {
    return "{\"iss\":\""
        + issuer
        + "\",\"sub\":\"1\",\"upn\":\"alice@example.org\","
        + "\"groups\":[\"patina-viewer\",\"patina-auditor\",\"approver\",\"patina-root\"],\"iat\":"
        + expires.minusSeconds(900).getEpochSecond()
        + ",\"exp\":"
        + expires.getEpochSecond()
        + "}";
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
