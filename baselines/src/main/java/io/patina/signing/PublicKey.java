package io.patina.signing;

import com.google.protobuf.ByteString;
import io.patina.manifest.Digest;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * An Ed25519 public key: 32 raw bytes, and the point they stand for. Immutable, safe for threads;
 * worth keeping, for finding the point costs a fifth of a verification.
 */
public final class PublicKey {

  static final String PEM_TYPE = "PUBLIC KEY";

  private final ByteString raw;
  private final Ed25519PublicKeyParameters point;

  /**
   * @throws IllegalArgumentException if the bytes are not a point of the curve in canonical form
   */
  public PublicKey(ByteString raw) {
    if (raw.size() != 32) {
      throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + raw.size());
    }
    this.raw = raw;
    this.point = new Ed25519PublicKeyParameters(raw.toByteArray());
  }

  /** The 32 bytes. */
  public ByteString raw() {
    return raw;
  }

  /**
   * Reads a SubjectPublicKeyInfo in PEM (RFC 8410).
   *
   * @throws InvalidKeyException if it is not an Ed25519 key
   */
  public static PublicKey ofPem(String pem) throws InvalidKeyException {
    try (PemReader reader = new PemReader(new StringReader(pem))) {
      PemObject object = reader.readPemObject();
      if (object == null || !object.getType().equals(PEM_TYPE)) {
        throw new InvalidKeyException("not a PEM block of type " + PEM_TYPE);
      }
      AsymmetricKeyParameter key = PublicKeyFactory.createKey(object.getContent());
      if (key instanceof Ed25519PublicKeyParameters ed25519) {
        return new PublicKey(ByteString.copyFrom(ed25519.getEncoded()));
      }
      throw new InvalidKeyException("a key of another kind than Ed25519");
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidKeyException("not a public key: " + e.getMessage(), e);
    }
  }

  /** SubjectPublicKeyInfo in PEM. */
  public String pem() {
    try {
      return pem(PEM_TYPE, spki());
    } catch (IOException e) {
      throw new IllegalStateException("encoding in memory failed", e);
    }
  }

  static String pem(String type, byte[] content) throws IOException {
    StringWriter out = new StringWriter();
    try (PemWriter writer = new PemWriter(out)) {
      writer.writeObject(new PemObject(type, content));
    }
    return out.toString();
  }

  /** The key's name: SHA-256 of its SubjectPublicKeyInfo, hexadecimal. */
  public String id() {
    try {
      return Digest.of(ByteString.copyFrom(spki())).hex();
    } catch (IOException e) {
      throw new IllegalStateException("encoding in memory failed", e);
    }
  }

  private byte[] spki() throws IOException {
    return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(point).getEncoded();
  }

  /** Whether this key made the signature (64 bytes) over the message. */
  public boolean verify(ByteString message, ByteString signature) {
    if (signature.size() != 64) {
      return false;
    }
    // Bouncy Castle's low-level signer: 7 times as fast as the JDK's (docs/adr/0004).
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(false, point);
    byte[] bytes = message.toByteArray();
    signer.update(bytes, 0, bytes.length);
    return signer.verifySignature(signature.toByteArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey that && raw.equals(that.raw);
  }

  @Override
  public int hashCode() {
    return raw.hashCode();
  }

  @Override
  public String toString() {
    return "key " + id().substring(0, 16);
  }
}
