package io.patina.engine.deviations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.wire.v1.Writer;
import org.junit.jupiter.api.Test;

class WrittenByTest {

  @Test
  void whatAProcessCallsItselfIsMadeSafeAndBounded() {
    WrittenBy writer =
        WrittenBy.of(
            Writer.newBuilder()
                .setPid(-1)
                .setCommand(ByteString.fromHex("62ff1b5b33316d"))
                .setExecutable(ByteString.copyFromUtf8("/".repeat(10_000)))
                .setUnit("a\u202eb.service")
                .build());
    assertEquals(4_294_967_295L, writer.pid());
    assertEquals("b\\xff\\x1b[31m", writer.command());
    assertEquals(512, writer.executable().length());
    assertEquals("a\\u{202e}b.service", writer.unit());
    assertTrue(writer.loginUser().isEmpty());
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    WrittenBy writer = WrittenBy.of(Writer.newBuilder().setPid(7).setLoginUser(0).build());
    assertEquals("{\"pid\":7,\"loginUser\":0}", writer.json().toString());
  }
}
