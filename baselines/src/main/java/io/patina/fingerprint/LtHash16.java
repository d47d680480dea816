package io.patina.fingerprint;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A set hash of 1024 lanes of 16 bits with addition modulo 2^16: LtHash (Bellare and Micciancio, "A
 * New Paradigm for Collision-free Hashing", 1997; Lewi et al., "Securing Update Propagation with
 * Homomorphic Hashing", 2019).
 *
 * <p>An element is expanded to 2048 bytes by AES-256 in counter mode from a zero counter block,
 * keyed by the element's SHA-256; lanes are read little-endian. The fingerprint is the SHA-256 of
 * the lanes, little-endian. The security argument is ADR 0002.
 *
 * <p>It hashes sets, not multisets, only because callers add each key once. Not safe for use by
 * several threads.
 */
public final class LtHash16 {

  public static final int LANES = 1024;
  private static final int STATE_BYTES = LANES * 2;
  private static final byte[] ZEROS = new byte[STATE_BYTES];
  private static final IvParameterSpec COUNTER = new IvParameterSpec(new byte[16]);

  private final short[] lanes;
  private final Expansion expansion = new Expansion();

  /** The hash of the empty set. */
  public LtHash16() {
    this(new short[LANES]);
  }

  private LtHash16(short[] lanes) {
    this.lanes = lanes;
  }

  /** An accumulator restored from {@link #state}. */
  public static LtHash16 ofState(ByteString state) {
    if (state.size() != STATE_BYTES) {
      throw new IllegalArgumentException("a state has 2048 bytes, not " + state.size());
    }
    short[] lanes = new short[LANES];
    state.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(lanes);
    return new LtHash16(lanes);
  }

  /** Adds an element that is not in the set. */
  public void add(ByteString element) {
    short[] e = expansion.of(element);
    for (int i = 0; i < LANES; i++) {
      lanes[i] += e[i];
    }
  }

  /** Removes an element that is in the set. */
  public void remove(ByteString element) {
    short[] e = expansion.of(element);
    for (int i = 0; i < LANES; i++) {
      lanes[i] -= e[i];
    }
  }

  /** Adds all elements of a disjoint set. */
  public void addAll(LtHash16 other) {
    for (int i = 0; i < LANES; i++) {
      lanes[i] += other.lanes[i];
    }
  }

  public LtHash16 copy() {
    return new LtHash16(lanes.clone());
  }

  /** The lanes, little-endian, 2048 bytes. */
  public ByteString state() {
    ByteBuffer bytes = ByteBuffer.allocate(STATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(lanes);
    return ByteString.copyFrom(bytes.array());
  }

  public Fingerprint fingerprint() {
    return new Fingerprint(ByteString.copyFrom(expansion.sha256(state().toByteArray())));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LtHash16 that && Arrays.equals(lanes, that.lanes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(lanes);
  }

  /** Element to 1024 lanes; keeps its cipher and buffers. */
  private static final class Expansion {
    private final MessageDigest sha256;
    private final Cipher aes;
    private final byte[] stream = new byte[STATE_BYTES];
    private final short[] lanes = new short[LANES];

    Expansion() {
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
        aes = Cipher.getInstance("AES/CTR/NoPadding");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java has SHA-256 and AES", e);
      }
    }

    byte[] sha256(byte[] bytes) {
      return sha256.digest(bytes);
    }

    short[] of(ByteString element) {
      try {
        for (ByteBuffer b : element.asReadOnlyByteBufferList()) {
          sha256.update(b);
        }
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(sha256.digest(), "AES"), COUNTER);
        int n = aes.doFinal(ZEROS, 0, STATE_BYTES, stream, 0);
        if (n != STATE_BYTES) {
          throw new IllegalStateException("short key stream: " + n);
        }
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES-256 in counter mode failed", e);
      }
      ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(lanes);
      return lanes;
    }
  }
}
