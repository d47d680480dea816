package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.signing.Envelope;
import io.patina.signing.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine keeps no baseline that is not signed by a key that counts. */
class TrustIT {

  private static final Manifest MANIFEST =
      Manifest.of(TestHost.SCOPE, List.of(TestHost.file("/bin/a", "golden")));

  @TempDir private Path directory = Path.of("");

  @Test
  void whatIsNotSignedByAKeyThatCountsIsNotTaken() throws Exception {
    SigningKey other = SigningKey.ofSeed(ByteString.fromHex("07".repeat(32)));
    Files.createDirectories(directory.resolve("roots"));
    Files.writeString(directory.resolve("roots/other.pem"), other.publicKey().pem());
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      Envelope good = BaselineStatement.sign(baseline("1"), other);
      String json = good.json();
      String payload = good.payload().toStringUtf8();
      workshop.take(json.substring(0, json.length() / 2));
      workshop.take(json.replaceAll("\"signatures\":\\[.*]", "\"signatures\":[]"));
      workshop.take(with(good, payload.replace("\"version\":\"1\"", "\"version\":\"9\"")));
      workshop.take(with(good, payload.replace(",\"", ", \"")));
      SigningKey unknown = SigningKey.ofSeed(ByteString.fromHex("08".repeat(32)));
      workshop.take(BaselineStatement.sign(baseline("1"), unknown).json());
      terms("notAfter: 2026-01-01T00:00:00Z");
      workshop.take(json);
      terms("notBefore: 2999-01-01T00:00:00Z");
      workshop.take(json);
      terms("revoked: 2026-01-01T00:00:00Z");
      workshop.take(json);
      Files.writeString(directory.resolve("roots/trust.yaml"), "keys: no");
      workshop.take(json);
      assertEquals(List.of(), workshop.rows("select name, version from baseline"));
      Files.delete(directory.resolve("roots/trust.yaml"));
      workshop.take(json);
      assertEquals(List.of("pool 1"), workshop.rows("select name, version from baseline"));
    }
  }

  @Test
  void whatWasApprovedOutlivesTheTermOfItsKeyButNotItsRevocation() throws Exception {
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      workshop.baseline(baseline("1"), MANIFEST);
      // Gone by now, and not yet gone when it was approved.
      String end =
          workshop
              .rows(
                  "select to_char((approved_at + interval '1 millisecond') at time zone 'UTC',"
                      + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from baseline")
              .getFirst();
      Files.writeString(
          directory.resolve("roots/trust.yaml"), "keys: [{file: a.pem, notAfter: " + end + "}]\n");
      assertEquals("pool", selected(workshop, 1));
      Files.writeString(
          directory.resolve("roots/trust.yaml"),
          "keys: [{file: a.pem, revoked: 2026-01-01T00:00:00Z}]\n");
      assertEquals("", selected(workshop, 2));
    }
  }

  /** The baseline that a new host is held against. */
  private static String selected(Workshop workshop, long seed) throws Exception {
    TestHost host = new TestHost(seed);
    MANIFEST.forEach(host::have);
    List<Arrival> log = new ArrayList<>();
    Workshop.append(log, host.snapshot(), Instant.now());
    workshop.execute("update partition_offset set next = 0");
    workshop.new Replica().takeAll(log);
    return workshop
        .rows(
            "select coalesce(b.name, '') from installation i left join baseline b"
                + " on b.statement = i.baseline order by i.first_seen desc limit 1")
        .getFirst();
  }

  private void terms(String said) throws Exception {
    Files.writeString(
        directory.resolve("roots/trust.yaml"), "keys: [{file: other.pem, " + said + "}]\n");
  }

  private static String with(Envelope good, String payload) {
    return new Envelope(good.payloadType(), ByteString.copyFromUtf8(payload), good.signatures())
        .json();
  }

  private static GoldenBaseline baseline(String version) {
    return new GoldenBaseline(
        "pool",
        version,
        MANIFEST.digest(),
        List.of(),
        List.of(),
        List.of(),
        "pet",
        new Selector(Optional.empty(), Map.of()),
        Instant.parse("2026-11-22T00:00:00Z"),
        "test");
  }
}
