package io.patina.signing;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** An Ed25519 private key. Its text form never shows it. */
public final class SigningKey {

  private static final String PEM_TYPE = "PRIVATE KEY";

  private final Ed25519PrivateKeyParameters key;
  private final PublicKey publicKey;

  private SigningKey(Ed25519PrivateKeyParameters key) {
    this.key = key;
    this.publicKey = new PublicKey(ByteString.copyFrom(key.generatePublicKey().getEncoded()));
  }

  public static SigningKey generate(SecureRandom random) {
    return new SigningKey(new Ed25519PrivateKeyParameters(random));
  }

  /** The key of these 32 secret bytes. */
  public static SigningKey ofSeed(ByteString seed) {
    if (seed.size() != 32) {
      throw new IllegalArgumentException("a seed has 32 bytes, not " + seed.size());
    }
    return new SigningKey(new Ed25519PrivateKeyParameters(seed.toByteArray()));
  }

  /**
   * Reads a PKCS #8 key in PEM (RFC 8410), as OpenSSL writes it.
   *
   * @throws InvalidKeyException if it is not an Ed25519 key
   */
  public static SigningKey ofPem(String pem) throws InvalidKeyException {
    try (PemReader reader = new PemReader(new StringReader(pem))) {
      PemObject object = reader.readPemObject();
      if (object == null || !object.getType().equals(PEM_TYPE)) {
        throw new InvalidKeyException("not a PEM block of type " + PEM_TYPE);
      }
      AsymmetricKeyParameter key = PrivateKeyFactory.createKey(object.getContent());
      if (key instanceof Ed25519PrivateKeyParameters ed25519) {
        return new SigningKey(ed25519);
      }
      throw new InvalidKeyException("a key of another kind than Ed25519");
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidKeyException("not a private key: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the key in that file; if there is none, makes one and keeps it there, readable by the
   * owner only, on disk before this returns. A crash in between leaves no half key.
   */
  public static SigningKey loadOrCreate(Path file, SecureRandom random)
      throws IOException, InvalidKeyException {
    if (Files.exists(file)) {
      return ofPem(Files.readString(file));
    }
    SigningKey made = generate(random);
    // Created for the owner only, as all temporary files of Java are.
    Path partial =
        Files.createTempFile(
            file.toAbsolutePath().getParent(), file.getFileName().toString(), ".partial");
    try {
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(made.pem().getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
    return made;
  }

  /** PKCS #8 in PEM: the secret itself. */
  public String pem() {
    try {
      return PublicKey.pem(PEM_TYPE, PrivateKeyInfoFactory.createPrivateKeyInfo(key).getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("encoding in memory failed", e);
    }
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** The signature, 64 bytes. */
  public ByteString sign(ByteString message) {
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, key);
    byte[] bytes = message.toByteArray();
    signer.update(bytes, 0, bytes.length);
    return ByteString.copyFrom(signer.generateSignature());
  }

  @Override
  public String toString() {
    return "signing key of " + publicKey;
  }
}
