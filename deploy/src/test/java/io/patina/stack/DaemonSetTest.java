package io.patina.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests for Kubernetes, read with its own types. */
class DaemonSetTest {

  private static final Path MANIFEST = Path.of("kubernetes/daemonset.yaml");

  /** Strict: the types keep what they do not know, which here is a mistake. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(com.fasterxml.jackson.databind.introspect.Annotated a) {
                  return false;
                }

                @Override
                public boolean hasIgnoreMarker(AnnotatedMember m) {
                  return m.getName().equals("getAdditionalProperties") || super.hasIgnoreMarker(m);
                }
              });

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "Namespace", Namespace.class,
          "ServiceAccount", ServiceAccount.class,
          "ConfigMap", ConfigMap.class,
          "DaemonSet", DaemonSet.class);

  @Test
  void everyFieldIsOneThatKubernetesHas() throws IOException {
    List<HasMetadata> read = read(Files.readString(MANIFEST));
    assertEquals(
        List.of("Namespace", "ServiceAccount", "ConfigMap", "DaemonSet"),
        read.stream().map(HasMetadata::getKind).toList());
    assertEquals("apps/v1", read.getLast().getApiVersion());
    assertThrows(
        IllegalArgumentException.class,
        () -> read(Files.readString(MANIFEST).replace("hostPID:", "hostPid:")),
        "and the test would notice one that it has not");
  }

  @Test
  void theRootIsReadOnlyAndLaterMountsAreSeen() throws IOException {
    PodSpec pod = pod();
    VolumeMount root =
        container().getVolumeMounts().stream()
            .filter(m -> m.getMountPath().equals("/host"))
            .findFirst()
            .orElseThrow();
    assertTrue(root.getReadOnly());
    assertEquals("HostToContainer", root.getMountPropagation());
    assertEquals("/", volume(pod, root.getName()).getHostPath().getPath());
    assertTrue(configuration().contains("root=" + root.getMountPath() + "\n"));
  }

  @Test
  void everyMountHasItsVolumeAndEveryVolumeItsMount() throws IOException {
    assertEquals(
        sorted(pod().getVolumes().stream().map(Volume::getName)),
        sorted(container().getVolumeMounts().stream().map(VolumeMount::getName)));
  }

  @Test
  void theStateOutlivesThePod() throws IOException {
    VolumeMount state =
        container().getVolumeMounts().stream()
            .filter(m -> m.getName().equals("state"))
            .findFirst()
            .orElseThrow();
    assertTrue(configuration().contains("state.dir=" + state.getMountPath() + "\n"));
    assertEquals("DirectoryOrCreate", volume(pod(), "state").getHostPath().getType());
  }

  @Test
  void theNodesNameComesFromTheDownwardApi() throws IOException {
    assertEquals(
        "spec.nodeName",
        container().getEnv().stream()
            .filter(e -> e.getName().equals("NODE_NAME"))
            .findFirst()
            .orElseThrow()
            .getValueFrom()
            .getFieldRef()
            .getFieldPath());
    assertTrue(configuration().contains("label.node=${NODE_NAME}\n"));
  }

  @Test
  void thePodHasTheThreeCapabilitiesOfTheUnitAndNoOther() throws IOException {
    SecurityContext context = container().getSecurityContext();
    assertFalse(context.getPrivileged());
    assertTrue(context.getReadOnlyRootFilesystem());
    assertEquals(List.of("ALL"), context.getCapabilities().getDrop());
    String unit = Files.readString(Path.of("systemd/patina-collector.service"));
    String bounding =
        unit.lines()
            .filter(l -> l.startsWith("CapabilityBoundingSet="))
            .map(l -> l.substring(l.indexOf('=') + 1))
            .findFirst()
            .orElseThrow();
    assertEquals(
        sorted(Stream.of(bounding.split(" ", -1))),
        sorted(context.getCapabilities().getAdd().stream().map(c -> "CAP_" + c)));
    String documented = Files.readString(Path.of("../docs/collector.md"));
    for (String capability : bounding.split(" ", -1)) {
      assertTrue(documented.contains("| `" + capability + "` |"), capability);
      assertTrue(unit.contains("#   " + capability + " "), capability);
    }
  }

  private static List<String> sorted(Stream<String> names) {
    return names.sorted().toList();
  }

  private static String configuration() throws IOException {
    return ((ConfigMap) read(Files.readString(MANIFEST)).get(2))
        .getData()
        .getOrDefault("collector.properties", "");
  }

  private static PodSpec pod() throws IOException {
    return ((DaemonSet) read(Files.readString(MANIFEST)).getLast())
        .getSpec()
        .getTemplate()
        .getSpec();
  }

  private static Container container() throws IOException {
    return pod().getContainers().getFirst();
  }

  private static Volume volume(PodSpec pod, String name) {
    return pod.getVolumes().stream()
        .filter(v -> v.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<HasMetadata> read(String text) {
    List<HasMetadata> all = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      Object kind = ((Map<?, ?>) document).get("kind");
      all.add(STRICT.convertValue(document, KINDS.get(String.valueOf(kind))));
    }
    return all;
  }
}
