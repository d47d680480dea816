package io.patina.imports.policies;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * OpenShift's MachineConfig (machineconfiguration.openshift.io/v1) in YAML or JSON, several
 * documents or a {@code List} of them: the Ignition configuration in each. Of two that write one
 * file the later counts, as the operator merges them by name: give them in that order.
 */
public final class MachineConfig {

  private MachineConfig() {}

  /**
   * Reads the documents.
   *
   * @throws InvalidImportException naming the document
   */
  public static Imported read(InputStream in, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    Gathering gathering = new Gathering(scope, limits);
    int number = 0;
    for (JsonNode document : documents(in, limits)) {
      number++;
      String where = "document " + number;
      if (document.path("kind").asText().endsWith("List")) {
        int item = 0;
        for (JsonNode one : document.path("items")) {
          one(one, where + ", item " + ++item, gathering);
        }
      } else {
        one(document, where, gathering);
      }
    }
    if (number == 0) {
      throw new InvalidImportException("there is no document in it");
    }
    return gathering.finish(Ignition.CANNOT_KNOW);
  }

  private static void one(JsonNode document, String where, Gathering gathering)
      throws InvalidImportException {
    if (!document.path("kind").asText().equals("MachineConfig")) {
      throw new InvalidImportException(where + ": its kind is not MachineConfig");
    }
    JsonNode spec = document.path("spec");
    for (String other : List.of("kernelArguments", "extensions", "kernelType", "osImageURL")) {
      JsonNode value = spec.path(other);
      if (value.size() > 0 || !value.asText().isEmpty()) {
        gathering.count("documents with " + other + ", not compared");
      }
    }
    if (spec.path("config").size() > 0) {
      Ignition.config(spec.path("config"), where + ", spec.config.", gathering);
    } else {
      gathering.count("documents without a configuration");
    }
  }

  private static List<JsonNode> documents(InputStream in, Limits limits)
      throws IOException, InvalidImportException {
    int most = (int) Math.min(limits.documentBytes(), Integer.MAX_VALUE - 16);
    byte[] content = in.readNBytes(most + 1);
    if (content.length > most) {
      throw new InvalidImportException("the document is over " + most + " bytes");
    }
    LoadSettings settings =
        LoadSettings.builder().setLabel("document").setCodePointLimit(most).build();
    List<JsonNode> out = new ArrayList<>();
    try {
      // JSON is YAML; aliases are bounded by the library, so that they cannot multiply.
      for (Object document :
          new Load(settings).loadAllFromString(new String(content, StandardCharsets.UTF_8))) {
        if (document != null) {
          out.add(new ObjectMapper().valueToTree(document));
        }
      }
    } catch (YamlEngineException | IllegalArgumentException e) {
      throw new InvalidImportException("not YAML: " + e.getMessage(), e);
    }
    return out;
  }
}
