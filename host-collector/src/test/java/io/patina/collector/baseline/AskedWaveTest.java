package io.patina.collector.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class AskedWaveTest {

  @Test
  void aWaveIsWhichHostsAndHowLongTheyHave() {
    assertEquals("{\"percent\":10,\"within\":\"PT24H\"}", json("10%,24h"));
    assertEquals(
        "{\"labels\":{\"ring\":\"canary\",\"site\":\"a=b\"},\"within\":\"PT1M30S\"}",
        json("site=a=b,ring=canary,90s"));
    assertEquals("{\"percent\":100,\"within\":\"PT48H\"}", json("100%,2d"));
  }

  @Test
  void whatIsNoWaveSaysHowOneIsWritten() {
    for (String text : List.of("", "10%", "10,24h", "24h", ",24h", "10%,24", "10%,1w", "=x,1h")) {
      TypeConversionException e =
          assertThrows(
              TypeConversionException.class, () -> new AskedWave.Reading().convert(text), text);
      assertEquals(
          "'" + text + "' is no wave: write such as 10%,24h or ring=canary,2h (s, m, h, d)",
          e.getMessage());
    }
  }

  private static String json(String text) {
    return new AskedWave.Reading().convert(text).json().toString();
  }
}
