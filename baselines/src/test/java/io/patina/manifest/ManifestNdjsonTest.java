package io.patina.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.facts.Generated;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestNdjsonTest {

  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("a scope"));
  private static final String HEADER =
      "{\"patina\":\"manifest\",\"form\":1,\"scope\":\"" + SCOPE.hex() + "\"}\n";

  @Test
  void linesAreAsDocumented() throws Exception {
    ByteString notText = ByteString.copyFromUtf8("/a").concat(ByteString.fromHex("ff"));
    Manifest manifest =
        Manifest.of(
            SCOPE,
            List.of(
                Entry.of(
                    FactKey.file(notText),
                    new Attributes.Builder()
                        .text("type", "link")
                        .bytes("target", ByteString.fromHex("fe"))
                        .build()),
                Entry.of(
                    FactKey.file(ByteString.copyFromUtf8("/b\u00e9")),
                    new Attributes.Builder()
                        .bytes("md5", ByteString.copyFrom(new byte[16]))
                        .build()),
                Entry.of(
                    new Gap(
                        FactKey.file(ByteString.copyFromUtf8("/root/")), true, Gap.PERMISSION))));
    assertEquals(
        HEADER
            + """
            {"facet":"file","keyBytes":"L2H/","attributes":{"type":"link"},\
            "attributesBytes":{"target":"/g=="}}
            {"facet":"file","key":"/b\\u00E9","attributes":{"md5":"00000000000000000000000000000000"}}
            {"facet":"file","key":"/root/","gap":"permission","prefix":true}
            """,
        written(manifest));
  }

  @Test
  void nothingIsLost() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      Manifest manifest = Manifest.of(SCOPE, new Generated(seed).entries(40));
      String text = written(manifest);
      assertEquals(manifest.size() + 1, text.lines().count());
      assertTrue(text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x80)), text);
      assertEquals(manifest, read(text), "seed " + seed);
    }
  }

  @Test
  void mistakesNameTheirLine() {
    refused("line 1: empty", "");
    refused("line 1: not the header", "{\"facet\":\"file\"}");
    refused("line 1: not the header", HEADER.replace("1,", "2,"));
    refused("line 1", HEADER.replace(SCOPE.hex(), "abc"));
    refused("line 2", HEADER + "{\"facet\":");
    refused("line 2: ", HEADER + "[]");
    refused("line 2: not a facet name", HEADER + "{\"facet\":\"NO\",\"key\":\"x\"}");
    refused(
        "line 2: attribute sha256",
        HEADER + "{\"facet\":\"file\",\"key\":\"/\",\"attributes\":{\"sha256\":\"00\"}}");
    refused("line 2: not a reason", HEADER + "{\"facet\":\"file\",\"key\":\"/\",\"gap\":\"\"}");
    refused("line 2", HEADER + "{\"facet\":\"file\",\"keyBytes\":\"???\"}");
    refused("line 2", HEADER + "[".repeat(5000));
  }

  private static String written(Manifest manifest) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ManifestNdjson.write(manifest, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Manifest read(String text) throws IOException, MalformedManifestException {
    return ManifestNdjson.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void refused(String why, String text) {
    String said =
        String.valueOf(
            assertThrows(MalformedManifestException.class, () -> read(text)).getMessage());
    assertTrue(said.contains(why), said);
  }
}
