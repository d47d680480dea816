package io.patina.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.endtoend.hosts.DebianImage;
import io.patina.endtoend.line.PatinaCommand;
import io.patina.endtoend.line.TestLine;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import io.patina.manifest.ManifestStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Those who take the baseline {@code web} through its life: Alice writes it, Bob approves it, Olga
 * operates. Each has a token of their own and does by Patina's commands what there is a command
 * for.
 */
final class People {

  /** A host that is as another approved version says is not as ordered, but nobody's handiwork. */
  private static final String POLICY =
      """
      name: web
      artisanal: {from: 50, grace: 10s, hysteresis: 10}
      rules:
        - name: another-version
          when: cause == "baseline-changed"
          severity: medium
          weight: 5
          atMost: 40
        - name: rest
          severity: medium
          weight: 10
      cases:
        - name: A whole version behind
          given: [{facet: package, key: "dpkg:web:all", cause: baseline-changed, age: 1h}]
          expect: {rule: another-version, verdict: drifting}
      """;

  private final TestLine line;
  private final Path alice;
  private final Path bob;
  private final Path olga;

  People(TestLine line) throws Exception {
    this.line = line;
    this.alice = token("alice@example.org", "\"author\", \"approver\"");
    this.bob = token("bob@example.org", "\"approver\"");
    this.olga = token("olga@example.org", "\"operator\"");
  }

  private Path token(String subject, String roles) throws Exception {
    String wish = "{\"subject\": \"%s\", \"roles\": [%s]}".formatted(subject, roles);
    JsonNode made = line.api().send("POST", "api/v1/tokens", line.token(), wish);
    return Files.writeString(line.scratch().resolve(subject), made.path("token").asText() + "\n");
  }

  /** Alice makes the image with a package, imports it, signs it and hands it in. */
  Manifest publish(String version, Path deb) throws Exception {
    Path image = DebianImage.build(line.scratch().resolve("image-" + version), deb);
    Path manifest = line.scratch().resolve("web-" + version + ".zst");
    var unused =
        line.patina()
            .run(
                "baseline",
                "import",
                "--format",
                "image",
                image.toString(),
                "--output",
                manifest.toString())
            .with(0);
    Files.delete(image);
    Path ready = TestLine.checkout().resolve("baselines/golden/debian-host/expectations.yaml");
    Path expectations = line.scratch().resolve("web.yaml");
    Files.writeString(
        expectations,
        "name: web\nextends:\n  - file: %s\n".formatted(line.scratch().relativize(ready)));
    Path policy = line.scratch().resolve("policy.yaml");
    Files.writeString(policy, POLICY);
    Path envelope = line.scratch().resolve("web-" + version + ".json");
    List<String> sign = new ArrayList<>(List.of("baseline", "sign", manifest.toString()));
    sign.addAll(List.of("--name", "web", "--baseline-version", version));
    sign.addAll(List.of("--key", line.data().data("keys").resolve("as-shipped.pem").toString()));
    sign.addAll(List.of("--author", "Alice <alice@example.org>"));
    for (String where : List.of("file:/usr/**", "file:/etc/**", "package:**")) {
      sign.addAll(List.of("--exhaustive", where));
    }
    sign.addAll(List.of("--expectations", expectations.toString()));
    sign.addAll(List.of("--policy", policy.toString(), "--output", envelope.toString()));
    var unused2 = line.patina().run(sign.toArray(String[]::new)).with(0);
    Manifest made = ManifestFile.read(manifest);
    new ManifestStore(line.data().store()).put(made);
    String token = Files.readString(alice).strip();
    var unused3 = line.api().send("POST", "api/v1/baselines", token, Files.readString(envelope));
    return made;
  }

  /** Asks with Alice's token for an approval of what she wrote herself. */
  PatinaCommand.Ended approveOwn(String version) throws Exception {
    return ask(alice, "baseline approve web " + version + " --reason mine");
  }

  PatinaCommand.Ended approve(String version) throws Exception {
    return ask(bob, "baseline approve web " + version + " --reason looked-at");
  }

  PatinaCommand.Ended preview(String version) throws Exception {
    return ask(bob, "baseline preview web " + version + " --format json");
  }

  PatinaCommand.Ended activate(String version) throws Exception {
    return ask(olga, "baseline activate web " + version + " --reason window");
  }

  PatinaCommand.Ended startRollout(String version) throws Exception {
    String waves = " --wave ring=canary,2h --wave 100%,24h";
    return ask(olga, "baseline rollout start web " + version + waves + " --reason change-17");
  }

  /** Olga takes a step of the rollout, such as {@code advance}. */
  PatinaCommand.Ended rollout(String step, String version) throws Exception {
    return ask(olga, "baseline rollout " + step + " web " + version + " --reason change-17");
  }

  PatinaCommand.Ended status(String version) throws Exception {
    return ask(olga, "baseline rollout status web " + version + " --format json");
  }

  /** Olga puts hosts into the ring of those that come first. */
  void makeCanaries(String... hosts) throws Exception {
    for (String host : hosts) {
      var unused = ask(olga, "host label " + host + " ring=canary --reason change-17").with(0);
    }
  }

  private PatinaCommand.Ended ask(Path token, String words) throws Exception {
    return line.patina().ask(token, words.split(" ", -1));
  }
}
