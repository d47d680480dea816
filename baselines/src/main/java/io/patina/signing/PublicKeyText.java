package io.patina.signing;

import com.google.protobuf.ByteString;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** Reads a public key in one of the forms that people keep: PEM, minisign's, OpenSSH's. */
final class PublicKeyText {

  private static final int MAX = 64 * 1024;
  private static final String SSH = "ssh-ed25519 ";

  private PublicKeyText() {}

  static TrustedKey read(String text, String name) throws InvalidKeyException {
    if (text.length() > MAX) {
      throw new InvalidKeyException("no key is that long");
    }
    String first = text.strip();
    if (first.startsWith("untrusted comment:")) {
      return minisign(first, name);
    }
    if (first.startsWith("ssh-") || first.startsWith("ecdsa-") || first.startsWith("sk-")) {
      return TrustedKey.of(ssh(first), name);
    }
    return TrustedKey.of(PublicKey.ofPem(text), name);
  }

  /** Two letters for the algorithm, eight bytes of number, the key; in base64 after a comment. */
  private static TrustedKey minisign(String text, String name) throws InvalidKeyException {
    String[] lines = text.split("\r?\n", -1);
    byte[] raw = lines.length < 2 ? new byte[0] : base64(lines[1].strip());
    if (raw.length != 42 || raw[0] != 'E' || raw[1] != 'd') {
      throw new InvalidKeyException("not a public key of minisign");
    }
    return new TrustedKey(
        key(ByteString.copyFrom(raw, 10, 32)),
        name,
        HexFormat.of().formatHex(raw, 2, 10),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static PublicKey ssh(String text) throws InvalidKeyException {
    if (!text.startsWith(SSH)) {
      throw new InvalidKeyException("an SSH key of another kind than ssh-ed25519");
    }
    String[] words = text.split("\\s+", 3);
    return sshBlob(ByteString.copyFrom(base64(words[1])));
  }

  /** RFC 8709: the name of the algorithm and 32 bytes, each with its length before it. */
  static PublicKey sshBlob(ByteString blob) throws InvalidKeyException {
    SshFields fields = new SshFields(blob);
    try {
      if (!fields.text().equals("ssh-ed25519")) {
        throw new InvalidKeyException("an SSH key of another kind than ssh-ed25519");
      }
      PublicKey key = key(fields.bytes());
      fields.end();
      return key;
    } catch (UntrustedException e) {
      throw new InvalidKeyException("not an SSH key: " + e.getMessage(), e);
    }
  }

  private static PublicKey key(ByteString raw) throws InvalidKeyException {
    try {
      return new PublicKey(raw);
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("not an Ed25519 key: " + e.getMessage(), e);
    }
  }

  private static byte[] base64(String text) throws InvalidKeyException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("not in base64", e);
    }
  }
}
