package io.patina.imports.components;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.imports.Scopes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComponentListsTest {
  @TempDir Path directory;

  @Test
  void packagesOfCycloneDxAreFoundByTheirPackageUrl() throws Exception {
    Imported imported =
        cycloneDx(
            """
            {"bomFormat":"CycloneDX","specVersion":"1.6","components":[
              {"type":"operating-system","name":"debian","version":"12"},
              {"type":"library","name":"bash","version":"5.2.15-2+b7",
               "purl":"pkg:deb/debian/bash@5.2.15-2%2Bb7?arch=amd64&distro=debian-12"},
              {"type":"library","purl":"pkg:deb/debian/base-passwd@3.6.1?arch=amd64"},
              {"type":"library","purl":"pkg:deb/debian/tzdata@2:2024a-0+deb12u1?arch=all"},
              {"type":"application","name":"group","components":[
                {"type":"library","purl":"pkg:rpm/fedora/kernel@6.5-1.fc38?arch=x86_64&epoch=0"},
                {"type":"library","purl":"pkg:rpm/fedora/kernel@6.6-1.fc38?arch=x86_64&epoch=3"}]},
              {"type":"library","purl":"pkg:golang/cel.dev/expr@v0.24.0"},
              {"type":"file","name":"/etc/x"}]}
            """);
    assertEquals(
        List.of(
            "os ID debian",
            "os VERSION_ID 12",
            "package dpkg:base-passwd:amd64 3.6.1",
            "package dpkg:bash:amd64 5.2.15-2+b7",
            "package dpkg:tzdata:all 2:2024a-0+deb12u1",
            "package rpm:kernel:x86_64 3:6.6-1.fc38 6.5-1.fc38"),
        shown(imported));
    assertEquals(
        List.of("components that are no deb or rpm package, left out: 3"), imported.notes());
  }

  @Test
  void packagesOfSpdxAreFoundByTheirPackageUrl() throws Exception {
    Imported imported =
        Spdx.read(
            in(
                """
                {"spdxVersion":"SPDX-2.3","packages":[
                  {"name":"bash","versionInfo":"5.2.15-2","externalRefs":[
                    {"referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:x"},
                    {"referenceType":"purl","referenceLocator":"pkg:deb/debian/bash@5.2.15-2?arch=amd64"}]},
                  {"name":"expr","externalRefs":[]}]}
                """),
            Scopes.everything(),
            Limits.STANDARD);
    assertEquals(List.of("package dpkg:bash:amd64 5.2.15-2"), shown(imported));
    assertEquals(List.of("packages that are no deb or rpm, left out: 1"), imported.notes());
  }

  @Test
  void whatIsNoListIsRefused() {
    refused("{}", "bomFormat is not CycloneDX");
    refused("[", "the document, line 1, column");
    refused("3", "is no JSON object");
    refused("<bom xmlns='x'/>", "not JSON");
    refused("{\"bomFormat\":\"CycloneDX\"} {}", "not JSON");
    String deep = "{\"components\":[".repeat(40) + "]}".repeat(40);
    refused("{\"bomFormat\":\"CycloneDX\",\"components\":[" + deep + "]}", "nested deeper than 32");
    String properties = "[{\"name\":\"patina:header\",\"value\":\"zz\"}]";
    refused(
        "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:rpm/a@1\",\"properties\":"
            + properties
            + "}]}",
        "components[0]: patina:header is not hexadecimal");
  }

  @Test
  void aReleaseOfFlatcarIsItsFiles() throws Exception {
    Files.writeString(
        directory.resolve("flatcar_production_image_contents.txt"),
        """
        drwxr-xr-x 14 root    root       4096 2025-12-12 16:22 ./usr
        -rwsr-xr-x  1 root    root      75000 2025-12-12 16:22 ./usr/bin/sudo
        -rw-r--r--  1 core    500          12 2025-12-12 16:22 ./usr/share/a b
        lrwxrwxrwx  1 root    root          7 2025-12-12 16:22 ./usr/lib/x -> ../y z
        drwxrwxrwt  2 root    root       4096 2025-12-12 16:22 ./tmp
        """);
    Files.writeString(
        directory.resolve("flatcar_production_image_licenses.json"),
        """
        [{"project":"app-admin/sudo-1.9::portage-stable",
          "files":"/usr/bin/sudo 63a5736879fa647ac5a8d5317e7cb8b0\\n/usr/x -> y\\n/usr/caf?? 63a5736879fa647ac5a8d5317e7cb8b0\\n"}]
        """);
    Files.writeString(
        directory.resolve("flatcar_production_image_kernel_config.txt"),
        "# Linux/x86 6.12 Kernel Configuration\nCONFIG_BPF=y\n# CONFIG_KEXEC is not set\n");
    Files.writeString(
        directory.resolve("version.txt"),
        "FLATCAR_VERSION=4799.0.0+nightly\nFLATCAR_VERSION_ID=4799.0.0\nFLATCAR_BUILD_ID=\"x\"\n");
    Imported imported =
        FlatcarRelease.read(directory, Optional.empty(), Scopes.everything(), Limits.STANDARD);
    Entry sudo =
        imported
            .manifest()
            .find(FactKey.file(ByteString.copyFromUtf8("/usr/bin/sudo")))
            .orElseThrow();
    assertEquals("4755", sudo.attributes().shown("mode").orElseThrow());
    assertEquals("75000", sudo.attributes().shown("size").orElseThrow());
    assertEquals("63a5736879fa647ac5a8d5317e7cb8b0", sudo.attributes().shown("md5").orElseThrow());
    assertEquals(
        "app-admin/sudo-1.9::portage-stable", sudo.attributes().shown("~package").orElseThrow());
    Entry file =
        imported
            .manifest()
            .find(FactKey.file(ByteString.copyFromUtf8("/usr/share/a b")))
            .orElseThrow();
    assertTrue(file.attributes().get("uid").isEmpty(), "only the name is known");
    assertEquals("500", file.attributes().shown("gid").orElseThrow());
    Entry link =
        imported.manifest().find(FactKey.file(ByteString.copyFromUtf8("/usr/lib/x"))).orElseThrow();
    assertEquals("../y z", link.attributes().shown("target").orElseThrow());
    List<String> others = new ArrayList<>(shown(imported));
    others.removeIf(s -> s.startsWith("file"));
    assertEquals(
        List.of(
            "kernel config:CONFIG_BPF y",
            "kernel config:CONFIG_KEXEC n",
            "os ID flatcar",
            "os VERSION 4799.0.0+nightly",
            "os VERSION_ID 4799.0.0"),
        others);
  }

  @Test
  void aReleaseThatIsNoneIsRefusedWithItsLine() throws IOException {
    InvalidImportException none = assertThrows(InvalidImportException.class, this::release);
    assertTrue(String.valueOf(none.getMessage()).contains("there is no *_contents.txt"));
    Files.writeString(directory.resolve("x_contents.txt"), "total 12\n");
    InvalidImportException line = assertThrows(InvalidImportException.class, this::release);
    assertEquals("x_contents.txt, line 1: not a line of contents.txt: total 12", line.getMessage());
  }

  private void release() throws IOException, InvalidImportException {
    var unused =
        FlatcarRelease.read(directory, Optional.empty(), Scopes.everything(), Limits.STANDARD);
  }

  private static void refused(String json, String message) {
    InvalidImportException e = assertThrows(InvalidImportException.class, () -> cycloneDx(json));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  private static Imported cycloneDx(String json) throws IOException, InvalidImportException {
    return CycloneDx.read(in(json), Scopes.everything(), Limits.STANDARD);
  }

  private static ByteArrayInputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> shown(Imported imported) {
    List<String> out = new ArrayList<>();
    imported
        .manifest()
        .forEach(
            e ->
                out.add(
                    e.key()
                        + " "
                        + e.attributes()
                            .shown("versions")
                            .or(() -> e.attributes().shown("value"))
                            .orElse("")));
    return out;
  }
}
