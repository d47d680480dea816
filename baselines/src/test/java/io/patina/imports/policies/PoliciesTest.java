package io.patina.imports.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.imports.Scopes;
import io.patina.manifest.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class PoliciesTest {

  private static final String SPEC3 =
      """
      {"ignition":{"version":"3.4.0","config":{"merge":[{"source":"https://elsewhere.example"}]}},
       "passwd":{"users":[{"name":"core"}]},
       "storage":{
         "directories":[{"path":"/etc/d","mode":448,"user":{"id":500},"group":{"name":"core"}}],
         "files":[
           {"path":"/etc/hello","mode":420,"contents":{"source":"data:,hello%20%C3%A9%0A"}},
           {"path":"/etc/base","contents":{"source":"data:text/plain;charset=utf-8;base64,aGk="}},
           {"path":"/etc/packed","contents":{"source":"data:;base64,%PACKED%","compression":"gzip"}},
           {"path":"/etc/far","contents":{"source":"https://elsewhere.example/x",
             "verification":{"hash":"sha256-%HASH%"}}},
           {"path":"/etc/more","append":[{"source":"data:,x"}]}],
         "links":[{"path":"/etc/l","target":"hello"},{"path":"/etc/hl","target":"x","hard":true}]},
       "systemd":{"units":[
         {"name":"a.service","enabled":true,"contents":"[Unit]\\n"},
         {"name":"b.service","mask":true,"contents":"[Unit]\\n"},
         {"name":"c.service","dropins":[{"name":"10-x.conf","contents":"[Service]\\n"}]}]}}
      """
          .replace("%HASH%", "ab".repeat(32))
          .replace("%PACKED%", packed("unpacked"));

  @Test
  void anIgnitionConfigurationIsWhatItWrites() throws Exception {
    Imported imported = ignition(SPEC3);
    check(imported);
    assertEquals(4, imported.notes().size(), imported.notes().toString());
  }

  private static void check(Imported imported) {
    content(imported, "/etc/hello", "hello \u00e9\n");
    content(imported, "/etc/base", "hi");
    content(imported, "/etc/packed", "unpacked");
    assertEquals("0644", file(imported, "/etc/hello").shown("mode").orElseThrow());
    assertEquals("0644", file(imported, "/etc/base").shown("mode").orElseThrow());
    assertEquals("0", file(imported, "/etc/hello").shown("uid").orElseThrow());
    assertEquals("ab".repeat(32), file(imported, "/etc/far").shown("sha256").orElseThrow());
    assertTrue(file(imported, "/etc/more").get("sha256").isEmpty());
    assertEquals("0700", file(imported, "/etc/d").shown("mode").orElseThrow());
    assertEquals("500", file(imported, "/etc/d").shown("uid").orElseThrow());
    assertTrue(file(imported, "/etc/d").get("gid").isEmpty(), "only the name is known");
    assertEquals("hello", file(imported, "/etc/l").shown("target").orElseThrow());
    content(imported, "/etc/systemd/system/a.service", "[Unit]\n");
    content(imported, "/etc/systemd/system/c.service.d/10-x.conf", "[Service]\n");
    assertEquals(
        "/dev/null", file(imported, "/etc/systemd/system/b.service").shown("target").orElseThrow());
    assertEquals(
        "enabled",
        imported
            .manifest()
            .find(FactKey.of(Facet.UNIT, "a.service"))
            .flatMap(e -> e.attributes().shown("enablement"))
            .orElseThrow());
  }

  @Test
  void aMachineConfigIsTheIgnitionInIt() throws Exception {
    String json = "{\"kind\":\"MachineConfig\",\"spec\":{\"config\":" + SPEC3 + "}}";
    check(machineConfig(json));
    Imported yaml =
        machineConfig(
            """
            apiVersion: machineconfiguration.openshift.io/v1
            kind: MachineConfig
            spec:
              kernelArguments: [quiet]
              config:
                ignition: {version: 3.2.0}
                storage:
                  files:
                    - path: /etc/one
                      contents: {source: "data:,1"}
            ---
            kind: List
            items:
              - kind: MachineConfig
                spec:
                  config:
                    ignition: {version: 3.2.0}
                    storage:
                      files: [{path: /etc/one, mode: 0600, contents: {source: "data:,two"}}]
            """);
    content(yaml, "/etc/one", "two");
    assertEquals("0600", file(yaml, "/etc/one").shown("mode").orElseThrow());
    assertTrue(yaml.notes().contains("documents with kernelArguments, not compared: 1"));
  }

  @Test
  void specification2HasNoDefaultMode() throws Exception {
    Imported imported =
        ignition(
            """
            {"ignition":{"version":"2.2.0"},"storage":{"files":[
              {"filesystem":"root","path":"/etc/a","contents":{"source":"data:,a"}},
              {"filesystem":"oem","path":"/b"}]}}
            """);
    assertTrue(file(imported, "/etc/a").get("mode").isEmpty());
    assertEquals(1, imported.manifest().size());
  }

  @Test
  void whatCannotBeReadIsNamed() {
    refused("{}", "ignition.version is not there");
    refused("{\"ignition\":{\"version\":\"4.0.0\"}}", "ignition.version is 4.0.0");
    refused(files("{\"path\":\"etc/x\"}"), "storage.files[0]: a path begins with /");
    refused(files("{\"path\":\"/etc/x\",\"mode\":\"rw\"}"), "storage.files[0]: mode is no number");
    refused(files("{\"path\":\"/etc/../x\"}"), "storage.files[0]: a path with ..");
    refused(
        files("{\"path\":\"/etc/x\",\"contents\":{\"source\":\"data:nothing\"}}"),
        "storage.files[0]: a data URL without a comma");
    refused(
        files("{\"path\":\"/etc/x\",\"contents\":{\"source\":\"data:,%4\"}}"),
        "storage.files[0]: a data URL: % without");
    refused(
        files(
            "{\"path\":\"/etc/x\",\"contents\":{\"compression\":\"gzip\",\"source\":\"data:,x\"}}"),
        "storage.files[0]: ");
    refused(
        "{\"ignition\":{\"version\":\"3.0.0\"},\"systemd\":{\"units\":[{\"name\":\"../x\"}]}}",
        "systemd.units[0]: not the name of a unit");
    InvalidImportException bomb =
        assertThrows(
            InvalidImportException.class,
            () ->
                machineConfig(
                    """
                    a: &a [x,x,x,x,x,x,x,x,x]
                    b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
                    c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
                    d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
                    e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
                    f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]
                    g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]
                    h: [*g,*g,*g,*g,*g,*g,*g,*g,*g]
                    """));
    assertTrue(String.valueOf(bomb.getMessage()).startsWith("not YAML"), bomb.getMessage());
  }

  @Test
  void aKeylimePolicyIsItsDigests() throws Exception {
    Imported imported =
        keylime(
            """
            {"meta":{"version":1,"generator":3},"release":0,
             "digests":{"boot_aggregate":["%1$s"],"/usr/bin/one":["%2$s"],
               "/usr/bin/two":["%1$s","%2$s"],"/usr/bin/sha1":["%3$s"]},
             "excludes":["/tmp/.*"],"keyrings":{},"ima":{},"ima-buf":{},"verification-keys":""}
            """
                .formatted("ab".repeat(32), "cd".repeat(32), "ef".repeat(20)));
    assertEquals(2, imported.manifest().size());
    assertEquals("cd".repeat(32), file(imported, "/usr/bin/one").shown("sha256").orElseThrow());
    assertTrue(imported.notes().toString().contains("several digests or none, left out"));
    assertTrue(imported.notes().toString().contains("excludes, not applied: 1"));
    assertEquals(
        "there are no digests in it; a runtime policy has them",
        assertThrows(InvalidImportException.class, () -> keylime("{}")).getMessage());
    assertEquals(
        "line 2: not a digest: xyz",
        assertThrows(
                InvalidImportException.class, () -> keylime("{\"digests\":{\n\"/x\":[\"xyz\"]}}"))
            .getMessage());
    assertTrue(
        String.valueOf(
                assertThrows(InvalidImportException.class, () -> keylime("{\"digests\":{"))
                    .getMessage())
            .startsWith("the policy is not JSON: line 1"));
  }

  private static String files(String file) {
    return "{\"ignition\":{\"version\":\"3.0.0\"},\"storage\":{\"files\":[" + file + "]}}";
  }

  private static void refused(String json, String message) {
    InvalidImportException e = assertThrows(InvalidImportException.class, () -> ignition(json));
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
  }

  private static void content(Imported imported, String path, String content) {
    ByteString bytes = ByteString.copyFromUtf8(content);
    assertEquals(Digest.of(bytes).hex(), file(imported, path).shown("sha256").orElseThrow(), path);
    assertEquals(
        Integer.toString(bytes.size()), file(imported, path).shown("size").orElseThrow(), path);
  }

  private static Attributes file(Imported imported, String path) {
    return imported
        .manifest()
        .find(FactKey.file(ByteString.copyFromUtf8(path)))
        .map(Entry::attributes)
        .orElseThrow();
  }

  private static Imported ignition(String json) throws IOException, InvalidImportException {
    return Ignition.read(in(json), Scopes.everything(), Limits.STANDARD);
  }

  private static Imported machineConfig(String text) throws IOException, InvalidImportException {
    return MachineConfig.read(in(text), Scopes.everything(), Limits.STANDARD);
  }

  private static Imported keylime(String text) throws IOException, InvalidImportException {
    return KeylimePolicy.read(in(text), Scopes.everything(), Limits.STANDARD);
  }

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String packed(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }
}
