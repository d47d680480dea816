package io.patina.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import com.google.protobuf.ByteString;
import io.patina.facts.Generated;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PayloadsTest {

  private static final ByteString CONTENT = ByteString.copyFromUtf8("content ".repeat(100));

  @Test
  void whatWasPackedIsUnpacked() {
    assertEquals(ByteString.EMPTY, Payloads.unpack(Payloads.pack(ByteString.EMPTY)));
    for (int seed = 0; seed < 200; seed++) {
      ByteString content = new Generated(seed).bytes(3000);
      assertEquals(content, Payloads.unpack(Payloads.pack(content)));
    }
    ByteString most = ByteString.copyFrom(new byte[Payloads.MAX_CONTENT]);
    assertEquals(most, Payloads.unpack(Payloads.pack(most)));
  }

  @Test
  void aBombIsRefusedByTheSizeItDeclares() {
    refused("declares", zstd(new byte[Payloads.MAX_CONTENT + 1]));
  }

  @Test
  void aFrameThatDeclaresNoSizeIsRefused() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(out)) {
      CONTENT.writeTo(zstd);
    }
    refused("declares its size", ByteString.copyFrom(out.toByteArray()));
  }

  @Test
  void aFrameThatLiesAboutItsSizeIsRefused() throws IOException {
    ByteString good = zstd(CONTENT.toByteArray());
    // The content size of a small frame is the two bytes after magic and descriptor.
    for (int change = 1; change < 256; change++) {
      byte[] lie = good.toByteArray();
      lie[5] ^= (byte) change;
      refused("", ByteString.copyFrom(lie));
    }
  }

  @Test
  void twoFramesAreNotOne() {
    ByteString frame = Payloads.pack(CONTENT);
    refused("", frame.concat(frame));
    refused("", frame.concat(Payloads.pack(ByteString.EMPTY)));
    refused("", Payloads.pack(ByteString.EMPTY).concat(frame));
    ByteString skippable = ByteString.fromHex("502a4d180100000000");
    refused("", skippable);
    refused("", frame.concat(skippable));
    refused("", skippable.concat(frame));
    refused("", frame.concat(ByteString.fromHex("00")));
  }

  @Test
  void anOversizedFrameIsRefusedUnread() {
    refused("too large", ByteString.copyFrom(new byte[Payloads.MAX_FRAME + 1]));
  }

  @Test
  void damagedFramesAreRefusedOrAreWhole() {
    int refused = 0;
    for (int seed = 0; seed < 3000; seed++) {
      Generated generated = new Generated(seed);
      ByteString damaged = generated.damaged(Payloads.pack(CONTENT));
      try {
        assertTrue(Payloads.unpack(damaged).size() <= Payloads.MAX_CONTENT);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertTrue(refused > 1000, "refused " + refused);
    refused("", ByteString.EMPTY);
    refused("", ByteString.fromHex("28b52ffd"));
  }

  private static ByteString zstd(byte[] content) {
    return ByteString.copyFrom(Zstd.compress(content, 3));
  }

  private static void refused(String why, ByteString frame) {
    String said =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> Payloads.unpack(frame))
                .getMessage());
    assertTrue(said.contains(why), said);
  }
}
