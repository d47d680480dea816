package io.patina.collector.baseline;

import io.patina.collector.images.HostTree;
import io.patina.collector.images.MountedImage;
import io.patina.collector.images.OstreeCommit;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.imports.archives.ContainerImage;
import io.patina.imports.archives.RootTar;
import io.patina.imports.components.CycloneDx;
import io.patina.imports.components.FlatcarRelease;
import io.patina.imports.components.Spdx;
import io.patina.imports.mtree.MtreeReader;
import io.patina.imports.policies.Ignition;
import io.patina.imports.policies.KeylimePolicy;
import io.patina.imports.policies.MachineConfig;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be imported. */
enum ImportFormat {
  MTREE("mtree", "mtree(5), every dialect", stream(MtreeReader::read)),
  TAR("tar", "root filesystem as tar, plain or gz, xz, zst", stream(RootTar::read)),
  OCI("oci", "OCI image layout, directory or tar", ContainerImage::read),
  DOCKER("docker", "image as docker save writes it", ContainerImage::read),
  IMAGE("image", "squashfs, erofs, or disk image, by mounting it", MountedImage::read),
  OSTREE("ostree", "commit of an ostree repository, by the ostree tool", OstreeCommit::read),
  DIRECTORY("directory", "a tree on this machine, such as an ostree deployment", HostTree::read),
  AS_SHIPPED("as-shipped", "what the dpkg or rpm database in a root says", HostTree::asShipped),
  FLATCAR("flatcar", "directory of Flatcar's release files", FlatcarRelease::read),
  CYCLONEDX("cyclonedx", "CycloneDX in JSON: packages", stream(CycloneDx::read)),
  SPDX("spdx", "SPDX 2.x in JSON: packages", stream(Spdx::read)),
  KEYLIME("keylime", "Keylime runtime policy: digests", stream(KeylimePolicy::read)),
  IGNITION("ignition", "Ignition: files, links, units that it writes", stream(Ignition::read)),
  MACHINECONFIG("machineconfig", "MachineConfig: likewise", stream(MachineConfig::read));

  /** Reads a source. */
  interface Reader {
    Imported read(Path source, Optional<String> select, Scope scope, Limits limits)
        throws IOException, InvalidImportException;
  }

  /** Reads a source that is one stream and has nothing to choose. */
  interface StreamReader {
    Imported read(InputStream in, Scope scope, Limits limits)
        throws IOException, InvalidImportException;
  }

  private final String word;
  private final String description;

  // A method of a class without state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Reader reader;

  ImportFormat(String word, String description, Reader reader) {
    this.word = word;
    this.description = description;
    this.reader = reader;
  }

  Imported read(Path source, Optional<String> select, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    return reader.read(source, select, scope, limits);
  }

  static Optional<ImportFormat> named(String word) {
    return Arrays.stream(values()).filter(f -> f.word.equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(f -> f.word).toList();
  }

  /** One line per format, for people. */
  static String list() {
    return Arrays.stream(values())
        .map(f -> String.format("  %-14s %s", f.word, f.description))
        .collect(Collectors.joining("\n"));
  }

  private static Reader stream(StreamReader reader) {
    return (source, select, scope, limits) -> {
      if (select.isPresent()) {
        throw new InvalidImportException("--select chooses among images; here is one only");
      }
      try (InputStream in = Files.newInputStream(source)) {
        return reader.read(in, scope, limits);
      }
    };
  }
}
