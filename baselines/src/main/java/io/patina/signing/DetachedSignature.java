package io.patina.signing;

import java.io.IOException;
import java.io.InputStream;

/**
 * A signature that lies beside a file, made by a tool that people have: minisign, or {@code
 * ssh-keygen -Y sign}. It covers the file's bytes, which nothing need parse to verify them.
 */
public sealed interface DetachedSignature permits MinisignSignature, SshSignature {

  /** Longest text of a signature, in characters. */
  int MAX_TEXT = 64 * 1024;

  /**
   * Reads a signature of either tool.
   *
   * @throws UntrustedException if it is none
   */
  static DetachedSignature parse(String text) throws UntrustedException {
    if (text.length() > MAX_TEXT) {
      throw new UntrustedException("no signature is that long");
    }
    if (text.startsWith("untrusted comment:")) {
      return MinisignSignature.parse(text);
    }
    if (text.startsWith(SshSignature.BEGIN)) {
      return SshSignature.parse(text);
    }
    throw new UntrustedException("neither a signature of minisign nor one of ssh-keygen");
  }

  /** Whether a text could be one, by how it begins. */
  static boolean isMeant(String text) {
    return text.startsWith("untrusted comment:") || text.startsWith(SshSignature.BEGIN);
  }

  /**
   * Verifies.
   *
   * @param content read to its end
   * @return the key that made it
   * @throws UntrustedException if it does not fit, or is by no key that counts
   */
  PublicKey verify(InputStream content, TrustRoots roots) throws IOException, UntrustedException;
}
