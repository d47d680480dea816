package io.patina.signing;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/**
 * A signature of minisign (jedisct1.github.io/minisign, "Signature format"): of the BLAKE2b-512 of
 * the content, and a second one over the first and the trusted comment. The older form that signs
 * the content itself is refused: it would have to be held in memory.
 *
 * @param number of the key, in hexadecimal
 */
record MinisignSignature(
    String number, ByteString signature, String trustedComment, ByteString global)
    implements DetachedSignature {

  private static final String TRUSTED = "trusted comment: ";

  static MinisignSignature parse(String text) throws UntrustedException {
    List<String> lines = text.lines().toList();
    if (lines.size() < 4 || !lines.get(2).startsWith(TRUSTED)) {
      throw new UntrustedException("the signature of minisign is truncated");
    }
    ByteString first = base64(lines.get(1));
    ByteString global = base64(lines.get(3));
    if (first.size() != 74 || global.size() != 64 || first.byteAt(0) != 'E') {
      throw new UntrustedException("the signature of minisign is truncated");
    }
    if (first.byteAt(1) != 'D') {
      throw new UntrustedException(
          "a signature of minisign in the old form; sign with minisign 0.10 or later");
    }
    return new MinisignSignature(
        HexFormat.of().formatHex(first.substring(2, 10).toByteArray()),
        first.substring(10),
        lines.get(2).substring(TRUSTED.length()),
        global);
  }

  @Override
  public PublicKey verify(InputStream content, TrustRoots roots)
      throws IOException, UntrustedException {
    Blake2bDigest digest = new Blake2bDigest(512);
    byte[] buffer = new byte[1 << 16];
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      digest.update(buffer, 0, n);
    }
    byte[] hash = new byte[64];
    digest.doFinal(hash, 0);
    boolean known = false;
    for (TrustedKey key : roots.trusted()) {
      if (key.minisignNumber().equals(number)) {
        known = true;
        if (key.key().verify(ByteString.copyFrom(hash), signature)) {
          ByteString commented = signature.concat(ByteString.copyFromUtf8(trustedComment));
          if (!key.key().verify(commented, global)) {
            throw new UntrustedException("the trusted comment is not the one that was signed");
          }
          roots.mustCount(key.key());
          return key.key();
        }
      }
    }
    throw new UntrustedException(known ? Envelope.DOES_NOT_FIT : Envelope.NOT_TRUSTED);
  }

  private static ByteString base64(String line) throws UntrustedException {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(line.strip()));
    } catch (IllegalArgumentException e) {
      throw new UntrustedException("the signature of minisign is not in base64", e);
    }
  }
}
