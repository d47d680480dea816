package io.patina.engine.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.patina.engine.reports.Arrival;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
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

  @Test
  void anEmptyEngineTakesUpWhatItsTopicsTellInAnyOrder() throws Exception {
    SigningKey signer = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
    try (Workshop workshop =
        new Workshop(directory, Map.of("patina.catalogue.approve-signed", "false"))) {
      new ManifestStore(directory.resolve("store")).put(MANIFEST);
      for (String version : List.of("1", "2", "3", "4", "5", "6", "7")) {
        String envelope = BaselineStatement.sign(baseline(version), signer).json();
        if (version.equals("2")) {
          workshop.decided(decision(version, "active", "bob", "2026-11-23"));
        }
        workshop.take(envelope);
      }
      workshop.decided(decision("1", "superseded", "bob", "2026-11-22"));
      // Its author alone agreed; nobody did; somebody undid it; what came before it comes late.
      workshop.decided(decision("3", "approved", "TEST ", "2026-11-23"));
      workshop.decided(decision("4", "draft", "", "2026-11-23"));
      workshop.decided(decision("5", "retired", "bob", "2026-11-25"));
      workshop.decided(decision("5", "approved", "bob", "2026-11-24"));
      workshop.decided(decision("6", "rolling-out", "bob", "2026-11-25"));
      workshop.decided("{\"kind\":\"waiver\"}");
      workshop.decided("{\"kind\":\"baseline\",\"statement\":\"x\"}");
      workshop.decided("no JSON");
      assertEquals(
          List.of(
              "1 superseded",
              "2 active",
              "3 draft",
              "4 draft",
              "5 retired",
              "6 approved",
              "7 draft"),
          workshop.rows("select version, state from baseline order by version"));
      assertEquals(
          List.of("alice"), workshop.rows("select submitted_by from baseline where version = '4'"));
      assertEquals("pool", selected(workshop, 1));
      // The same again, as after a restart, changes nothing.
      List<String> before = workshop.rows("select revision from catalogue");
      workshop.decided(decision("2", "active", "bob", "2026-11-23"));
      assertEquals(before, workshop.rows("select revision from catalogue"));

      // What was approved before its key expired stays in force, whichever of the two is heard
      // first.
      Files.writeString(
          directory.resolve("roots/trust.yaml"),
          "keys: [{file: a.pem, notAfter: 2026-11-24T00:00:00Z}]\n");
      for (String version : List.of("7a", "8", "9")) {
        workshop.take(BaselineStatement.sign(baseline(version), signer).json());
      }
      workshop.decided(decision("8", "approved", "bob", "2026-11-23"));
      workshop.decided(decision("9", "approved", "bob", "2026-11-25"));
      assertEquals(
          List.of("8 approved"),
          workshop.rows("select version, state from baseline where version > '7'"));
    }
  }

  @Test
  void aSignaturesWordOverAPersonsIsToldAndTopicsReadAnewSayTheSame() throws Exception {
    SigningKey signer = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
    String first = BaselineStatement.sign(baseline("1"), signer).json();
    String third = BaselineStatement.sign(baseline("3"), signer).json();
    String active = decision("1", "active", "bob", "2026-11-23");
    String states = "select version, state from baseline order by version";
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      new ManifestStore(directory.resolve("store")).put(MANIFEST);
      workshop.take(first);
      workshop.decided(active);
      workshop.take(third);
      assertEquals(List.of("1 superseded", "3 active"), workshop.rows(states));
      List<String> told =
          workshop.rows(
              "select convert_from(payload, 'UTF8') from outbox"
                  + " where topic = 'patina.decisions.v1'");
      assertEquals(1, told.size());

      // A later version waits for no word of a person; an earlier word does not undo it.
      empty(workshop);
      workshop.take(first);
      workshop.take(third);
      workshop.decided(active);
      assertEquals(List.of("1 superseded", "3 active"), workshop.rows(states));
      workshop.decided(told.getFirst());
      assertEquals(List.of("1 superseded", "3 active"), workshop.rows(states));
      assertEquals(
          List.of("bob"), workshop.rows("select approved_by from baseline where version = '1'"));

      // Unless a person's word on the later one comes.
      empty(workshop);
      workshop.take(first);
      workshop.take(third);
      workshop.decided(active);
      workshop.decided(decision("3", "superseded", "bob", "2026-11-23"));
      assertEquals(List.of("1 active", "3 superseded"), workshop.rows(states));

      // A rollout ends with what is told of its baseline, and with what is told of another.
      String rollouts = "select state, ended_at is not null from rollout order by started_by";
      rollOut(workshop, "3", "1");
      workshop.decided(decision("3", "active", "bob", "2026-11-24"));
      assertEquals(List.of("1 superseded", "3 active"), workshop.rows(states));
      assertEquals(List.of("finished t"), workshop.rows(rollouts));
      rollOut(workshop, "1", "3");
      workshop.decided(decision("3", "active", "bob", "2026-11-25"));
      assertEquals(List.of("1 approved", "3 active"), workshop.rows(states));
      assertEquals(List.of("rolled-back t", "finished t"), workshop.rows(rollouts));
      assertEquals(
          List.of("superseded olga", "rolled-back olga"),
          workshop
              .rows(
                  "select substr(action, 10), subject from audit where thing = 'baseline pool 1'"
                      + " and means = 'topic' and action <> 'baseline.restored'"
                      + " order by id desc limit 2")
              .reversed());
    }
  }

  @Test
  void whatTheTopicOfDecisionsSaysMakesNoSignatureCountThatDoesNot() throws Exception {
    SigningKey signer = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
    try (Workshop workshop = new Workshop(directory, Map.of())) {
      new ManifestStore(directory.resolve("store")).put(MANIFEST);
      Files.writeString(
          directory.resolve("roots/trust.yaml"),
          "keys: [{file: a.pem, notAfter: 2026-11-24T00:00:00Z}]\n");
      workshop.decided(decision("3", "draft", "bob", "2026-11-23"));
      workshop.decided(decision("4", "approved", "TEST ", "2026-11-23"));
      workshop.decided(
          decision("5", "active", "bob", "2026-11-23")
              .replace("\"version\":\"5\"", "\"version\":\"1\""));
      workshop.decided(decision("6", "approved", "bob", "2026-11-23"));
      for (String version : List.of("3", "4", "5", "6")) {
        workshop.take(BaselineStatement.sign(baseline(version), signer).json());
      }
      // One that is called by another name is kept, and its signature does not count today.
      assertEquals(
          List.of("5 draft", "6 approved"),
          workshop.rows("select version, state from baseline order by version"));
    }
  }

  /** As an engine whose database is lost. */
  private static void empty(Workshop workshop) throws Exception {
    workshop.execute("truncate baseline, told_decision cascade");
  }

  private static void rollOut(Workshop workshop, String version, String previous) throws Exception {
    workshop.execute(
        "insert into rollout (id, name, baseline, previous, state, reached, by_itself, started_at,"
            + " started_by, revision) select gen_random_uuid(), n.name, n.statement, p.statement,"
            + " 'under-way', 1, false, now(), n.version, 0 from baseline n join baseline p"
            + " on p.name = n.name where n.version = '"
            + version
            + "' and p.version = '"
            + previous
            + "'");
    workshop.execute("update baseline set state = 'rolling-out' where version = '" + version + "'");
  }

  /** What people decided about a version, on a day at which it was approved, too. */
  private static String decision(String version, String stage, String approver, String day) {
    SigningKey signer = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
    String approval =
        approver.isEmpty()
            ? ""
            : "\"approvedBy\":\"%s\",\"approvedAt\":\"%sT10:00:00Z\",".formatted(approver, day);
    return """
        {"kind":"baseline","statement":"%s","name":"pool","version":"%s","stage":"%s",
         "precedence":3,"submittedBy":"alice",%s"decidedAt":"%sT12:00:00.123456Z",
         "subject":"olga","means":"oidc","why":"tonight","later":"ignored"}
        """
        .formatted(
            BaselineStatement.digest(BaselineStatement.sign(baseline(version), signer)).hex(),
            version,
            stage,
            approval,
            day);
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
        Instant.parse("2026-11-22T00:00:00Z").plusSeconds(version.charAt(0) - '0'),
        "test");
  }
}
