package io.patina.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import io.patina.verdict.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ReadyMadePoliciesTest {

  private static final Path FOLDER = Path.of("golden/policies");

  private static CompiledPolicy policy(String name) throws IOException, InvalidPolicyException {
    return CompiledPolicy.of(Files.readString(FOLDER.resolve(name + ".yaml")));
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @TestFactory
  List<DynamicTest> everyCaseOfEveryPolicyHolds() throws Exception {
    List<DynamicTest> tests = new java.util.ArrayList<>();
    for (Path file : files()) {
      CompiledPolicy policy = CompiledPolicy.of(Files.readString(file));
      assertEquals(policy.name() + ".yaml", file.getFileName().toString());
      assertTrue(policy.cases().size() >= 5, policy.name() + " has few cases");
      for (CaseRun run : CaseRun.all(policy)) {
        tests.add(
            DynamicTest.dynamicTest(
                policy.name() + ": " + run.theCase().name(),
                () -> assertEquals(List.of(), run.wrong())));
      }
    }
    return tests;
  }

  @Test
  void theReadyMadeOnesAreThese() throws Exception {
    Set<String> names = new HashSet<>();
    for (Path file : files()) {
      names.add(file.getFileName().toString());
    }
    assertEquals(Set.of("pet.yaml", "strict-image.yaml", "kubernetes-node.yaml"), names);
  }

  private static Answer answer(String policy, String path, String cause, Map<String, String> labels)
      throws Exception {
    Difference d =
        new Difference(
            new FactKey("file", ByteString.copyFromUtf8(path)),
            Difference.Kind.CHANGED,
            new Attributes.Builder()
                .text(Attributes.PACKAGE, "dpkg:x:amd64")
                .text(Attributes.CONFFILE, path.startsWith("/etc/") ? "yes" : "no")
                .build(),
            new Attributes.Builder().text(Attributes.MODE, "0777").build());
    return policy(policy).answer(new Weighable(d, cause, Duration.ofHours(1), labels));
  }

  @Test
  void theyDifferSensibly() throws Exception {
    // A configuration file edited by hand: what a pet is for, a node's undoing, an image's end.
    assertEquals(
        Severity.LOW, answer("pet", "/etc/ssh/sshd_config", "hand-edit", Map.of()).severity());
    assertEquals(
        Severity.CRITICAL,
        answer("strict-image", "/etc/ssh/sshd_config", "hand-edit", Map.of()).severity());
    assertEquals(
        Severity.HIGH,
        answer("kubernetes-node", "/etc/containerd/config.toml", "hand-edit", Map.of()).severity());
    assertEquals(
        Severity.LOW,
        answer("pet", "/etc/containerd/config.toml", "hand-edit", Map.of()).severity());
    // A changed program is never harmless.
    for (String policy : List.of("pet", "strict-image", "kubernetes-node")) {
      Answer a = answer(policy, "/usr/bin/ls", "package-file-modified", Map.of());
      assertTrue(a.severity().compareTo(Severity.HIGH) >= 0, policy);
      assertTrue(a.weight() >= policy(policy).artisanal().from(), policy);
    }
  }

  @Test
  void theyAreInTheFormOfTheSchema() throws Exception {
    ObjectMapper json = new ObjectMapper();
    var schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                json.readTree(
                    PolicyFile.class.getResourceAsStream("policy.schema.json").readAllBytes()));
    for (Path file : files()) {
      Object yaml = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
      assertEquals(Set.of(), schema.validate(json.valueToTree(yaml)), file.toString());
    }
    Object wrong =
        new Load(LoadSettings.builder().build())
            .loadFromString("{name: x, artisanal: {from: 0}, rules: [{name: a, severity: bad}]}");
    assertTrue(schema.validate(json.valueToTree(wrong)).size() >= 3);
  }
}
