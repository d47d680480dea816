package io.patina.signing;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A signature of {@code ssh-keygen -Y sign} (OpenSSH, PROTOCOL.sshsig) by an Ed25519 key.
 *
 * @param hash {@code sha256} or {@code sha512}
 */
record SshSignature(PublicKey key, String namespace, String hash, ByteString signature)
    implements DetachedSignature {

  static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";

  /** What {@code -n} must say: a signature that was meant for something else is none. */
  static final String NAMESPACE = "patina";

  private static final String END = "-----END SSH SIGNATURE-----";
  private static final ByteString MAGIC = ByteString.copyFromUtf8("SSHSIG");

  static SshSignature parse(String text) throws UntrustedException {
    int end = text.indexOf(END);
    if (end < 0) {
      throw new UntrustedException("the signature of ssh-keygen is truncated");
    }
    ByteString blob;
    try {
      blob =
          ByteString.copyFrom(
              Base64.getDecoder()
                  .decode(text.substring(BEGIN.length(), end).replaceAll("\\s", "")));
    } catch (IllegalArgumentException e) {
      throw new UntrustedException("the signature of ssh-keygen is not in base64", e);
    }
    if (!blob.startsWith(MAGIC)) {
      throw new UntrustedException("not a signature of ssh-keygen");
    }
    SshFields fields = new SshFields(blob.substring(MAGIC.size()));
    if (fields.number() != 1) {
      throw new UntrustedException("a signature of ssh-keygen in a version other than 1");
    }
    PublicKey key;
    try {
      key = PublicKeyText.sshBlob(fields.bytes());
    } catch (InvalidKeyException e) {
      throw new UntrustedException("signed by " + e.getMessage(), e);
    }
    String namespace = fields.text();
    var reserved = fields.bytes();
    if (!reserved.isEmpty()) {
      throw new UntrustedException("a signature of ssh-keygen with a field that has no meaning");
    }
    String hash = fields.text();
    SshFields inner = new SshFields(fields.bytes());
    fields.end();
    if (!inner.text().equals("ssh-ed25519")) {
      throw new UntrustedException("signed by an SSH key of another kind than ssh-ed25519");
    }
    ByteString signature = inner.bytes();
    inner.end();
    return new SshSignature(key, namespace, hash, signature);
  }

  @Override
  public PublicKey verify(InputStream content, TrustRoots roots)
      throws IOException, UntrustedException {
    if (!namespace.equals(NAMESPACE)) {
      throw new UntrustedException("it was made for another purpose; sign with -n " + NAMESPACE);
    }
    MessageDigest digest = digest();
    byte[] buffer = new byte[1 << 16];
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      digest.update(buffer, 0, n);
    }
    if (!roots.keys().contains(key)) {
      throw new UntrustedException(Envelope.NOT_TRUSTED);
    }
    ByteString message =
        MAGIC
            .concat(SshFields.written(ByteString.copyFromUtf8(namespace)))
            .concat(SshFields.written(ByteString.EMPTY))
            .concat(SshFields.written(ByteString.copyFromUtf8(hash)))
            .concat(SshFields.written(ByteString.copyFrom(digest.digest())));
    if (!key.verify(message, signature)) {
      throw new UntrustedException(Envelope.DOES_NOT_FIT);
    }
    roots.mustCount(key);
    return key;
  }

  private MessageDigest digest() throws UntrustedException {
    try {
      return switch (hash) {
        case "sha512" -> MessageDigest.getInstance("SHA-512");
        case "sha256" -> MessageDigest.getInstance("SHA-256");
        default -> throw new UntrustedException("a signature of ssh-keygen with an unknown digest");
      };
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }
}
