package io.patina.wire;

import com.google.protobuf.ByteString;
import io.patina.signing.PublicKey;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.Enrolment;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A token that lets an installation's key into the fleet: 32 secret bytes, the seed of an Ed25519
 * key. Who has it signs the key that is to be let in; who checks needs the token's public key only,
 * so that neither the topic nor the database holds anything that could enrol another.
 *
 * <p>Text: {@code patina_enrol_} and base64url, without padding, of the 32 bytes and the first 4
 * bytes of the public key, by which a token that was cut or mistyped is told from one that is not
 * known.
 */
public final class EnrolmentToken {

  private static final String PREFIX = "patina_enrol_";
  private static final int SEED_BYTES = 32;
  private static final int CHECK_BYTES = 4;
  private static final ByteString CONTEXT = ByteString.copyFromUtf8("patina enrolment v1\0");

  private final ByteString seed;
  private final SigningKey key;

  private EnrolmentToken(ByteString seed) {
    this.seed = seed;
    this.key = SigningKey.ofSeed(seed);
  }

  public static EnrolmentToken generate(SecureRandom random) {
    byte[] bytes = new byte[SEED_BYTES];
    random.nextBytes(bytes);
    return new EnrolmentToken(ByteString.copyFrom(bytes));
  }

  /** The token of these 32 secret bytes. */
  static EnrolmentToken ofSeed(ByteString seed) {
    return new EnrolmentToken(seed);
  }

  /**
   * Reads a token's text; white space around it does not count.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat it
   */
  public static EnrolmentToken parse(String text) {
    String token = text.strip();
    if (!token.startsWith(PREFIX)) {
      throw new IllegalArgumentException("an enrolment token begins with " + PREFIX);
    }
    byte[] bytes;
    try {
      bytes =
          Base64.getUrlDecoder()
              .decode(token.substring(PREFIX.length()).getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      // The decoder's own message shows a part of the token.
      throw new IllegalArgumentException("no whole enrolment token: copy it again");
    }
    if (bytes.length != SEED_BYTES + CHECK_BYTES) {
      throw new IllegalArgumentException("no whole enrolment token: copy it again");
    }
    ByteString seed = ByteString.copyFrom(bytes, 0, SEED_BYTES);
    EnrolmentToken read = ofSeed(seed);
    if (!read.check().equals(ByteString.copyFrom(bytes, SEED_BYTES, CHECK_BYTES))) {
      throw new IllegalArgumentException("no whole enrolment token: copy it again");
    }
    return read;
  }

  /** The secret itself. */
  public String text() {
    return PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(seed.concat(check()).toByteArray());
  }

  /** What the engine knows it by. */
  public PublicKey publicKey() {
    return key.publicKey();
  }

  /**
   * The proof for one installation and its key.
   *
   * @param installation id, 16 bytes
   */
  public Enrolment prove(ByteString installation, PublicKey installationKey) {
    return Enrolment.newBuilder()
        .setToken(publicKey().raw())
        .setProof(key.sign(message(installation, installationKey)))
        .build();
  }

  /** Whether the proof was made by the token that it names, for this installation and key. */
  public static boolean verify(
      Enrolment enrolment, ByteString installation, PublicKey installationKey) {
    PublicKey token;
    try {
      token = new PublicKey(enrolment.getToken());
    } catch (IllegalArgumentException e) {
      // Not a key: nothing was signed by it.
      return false;
    }
    return token.verify(message(installation, installationKey), enrolment.getProof());
  }

  private static ByteString message(ByteString installation, PublicKey installationKey) {
    if (installation.size() != 16) {
      throw new IllegalArgumentException("an installation id has 16 bytes");
    }
    return CONTEXT.concat(installation).concat(installationKey.raw());
  }

  private ByteString check() {
    return publicKey().raw().substring(0, CHECK_BYTES);
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "enrolment token of " + publicKey();
  }
}
