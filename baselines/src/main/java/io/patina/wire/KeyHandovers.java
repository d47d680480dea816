package io.patina.wire;

import com.google.protobuf.ByteString;
import io.patina.signing.PublicKey;
import io.patina.signing.SigningKey;
import io.patina.wire.v1.KeyHandover;
import java.util.List;

/**
 * How an installation's key gives way to another: the old one signs that the new one follows, the
 * new one that it is held. Whoever knew some key of the chain finds the way to the last.
 */
public final class KeyHandovers {

  /** Most that are carried or looked at. */
  public static final int MOST = 64;

  private static final ByteString CONTEXT = ByteString.copyFromUtf8("patina key handover v1\0");

  private KeyHandovers() {}

  /**
   * From one key to another.
   *
   * @param installation id, 16 bytes
   */
  public static KeyHandover make(ByteString installation, SigningKey from, SigningKey to) {
    ByteString message = message(installation, from.publicKey().raw(), to.publicKey().raw());
    return KeyHandover.newBuilder()
        .setOldKey(from.publicKey().raw())
        .setNewKey(to.publicKey().raw())
        .setSignedByOld(from.sign(message))
        .setSignedByNew(to.sign(message))
        .build();
  }

  /**
   * Whether the chain leads from one key to another. Total: for whatever a hostile report holds.
   *
   * @param from a key that is trusted
   * @param to another one
   */
  public static boolean lead(
      ByteString installation, ByteString from, ByteString to, List<KeyHandover> chain) {
    ByteString at = from;
    for (KeyHandover each : chain.subList(0, Math.min(MOST, chain.size()))) {
      if (!each.getOldKey().equals(at)) {
        continue;
      }
      if (!holds(installation, each)) {
        return false;
      }
      at = each.getNewKey();
      if (at.equals(to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(ByteString installation, KeyHandover each) {
    try {
      ByteString message = message(installation, each.getOldKey(), each.getNewKey());
      return new PublicKey(each.getOldKey()).verify(message, each.getSignedByOld())
          && new PublicKey(each.getNewKey()).verify(message, each.getSignedByNew());
    } catch (IllegalArgumentException e) {
      // Not keys, so that nothing was signed by them.
      return false;
    }
  }

  private static ByteString message(ByteString installation, ByteString from, ByteString to) {
    if (installation.size() != 16) {
      throw new IllegalArgumentException("an installation id has 16 bytes");
    }
    return CONTEXT.concat(installation).concat(from).concat(to);
  }
}
