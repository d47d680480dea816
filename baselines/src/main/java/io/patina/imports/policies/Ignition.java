package io.patina.imports.policies;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.FileFact;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.ImportedPath;
import io.patina.imports.InvalidImportException;
import io.patina.imports.JsonDocument;
import io.patina.imports.Limits;
import io.patina.manifest.Digest;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ignition configurations of the specifications 2.x and 3.x: the files, directories, links and
 * units that they write.
 */
public final class Ignition {

  /** What a configuration does not say. */
  public static final List<String> CANNOT_KNOW =
      List.of(
          "everything that the image brings: a configuration states what it adds",
          "users, groups, disks and filesystems: no facts of theirs are observed",
          "content that is fetched from elsewhere, unless its SHA-256 is stated",
          "owners that are given by name, except root");

  private static final String UNITS = "/etc/systemd/system/";

  private final Gathering gathering;
  private final boolean version3;

  private Ignition(Gathering gathering, boolean version3) {
    this.gathering = gathering;
    this.version3 = version3;
  }

  /**
   * Reads a configuration.
   *
   * @throws InvalidImportException naming the file or unit
   */
  public static Imported read(InputStream in, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    Gathering gathering = new Gathering(scope, limits);
    config(JsonDocument.read(in, limits.documentBytes(), "the configuration"), "", gathering);
    return gathering.finish(CANNOT_KNOW);
  }

  /** Puts what a configuration writes into a gathering. */
  static void config(JsonNode root, String where, Gathering gathering)
      throws InvalidImportException {
    String version = root.path("ignition").path("version").asText();
    if (!version.matches("[23]\\..*")) {
      throw new InvalidImportException(
          where
              + "ignition.version is "
              + (version.isEmpty() ? "not there" : Escaped.text(version))
              + "; 2.x and 3.x are known. Butane is translated with butane(1) first");
    }
    new Ignition(gathering, version.startsWith("3")).all(root, where);
  }

  private void all(JsonNode root, String where) throws InvalidImportException {
    JsonNode further = root.path("ignition").path("config");
    for (String kind : List.of("merge", "append", "replace")) {
      if (further.path(kind).size() > 0) {
        gathering.count("further configurations that this one refers to, not read");
      }
    }
    JsonNode storage = root.path("storage");
    int at = 0;
    for (JsonNode d : storage.path("directories")) {
      node(d, FileFact.DIRECTORY, "0755", where + "storage.directories[" + at++ + "]");
    }
    at = 0;
    for (JsonNode f : storage.path("files")) {
      node(f, FileFact.REGULAR, "0644", where + "storage.files[" + at++ + "]");
    }
    at = 0;
    for (JsonNode l : storage.path("links")) {
      link(l, where + "storage.links[" + at++ + "]");
    }
    at = 0;
    for (JsonNode u : root.path("systemd").path("units")) {
      unit(u, where + "systemd.units[" + at++ + "]");
    }
    for (String kind : List.of("users", "groups")) {
      if (root.path("passwd").path(kind).size() > 0) {
        gathering.count("lists of " + kind + ", not compared");
      }
    }
  }

  private void node(JsonNode node, String type, String mode, String where)
      throws InvalidImportException {
    Optional<FactKey> key = key(node, where);
    if (key.isEmpty()) {
      return;
    }
    Attributes.Builder out = owned(node).text(Attributes.TYPE, type);
    Optional<Integer> bits = ScalarValue.mode(node.path("mode"), where);
    if (bits.isPresent()) {
      out.text(Attributes.MODE, Integer.toString(0x1000 | bits.get(), 8).substring(1));
    } else if (version3) {
      // Specification 3 states the default; before, it followed the umask.
      out.text(Attributes.MODE, mode);
    }
    if (type.equals(FileFact.REGULAR)) {
      content(node, where, out);
    }
    gathering.add(key.get(), out.build(), where);
  }

  private void content(JsonNode node, String where, Attributes.Builder out)
      throws InvalidImportException {
    boolean appends =
        version3 ? node.path("append").size() > 0 : ScalarValue.flag(node.path("append"), where);
    if (appends) {
      gathering.count("files that are appended to: their content is not stated");
      return;
    }
    JsonNode contents = node.path("contents");
    Optional<ByteString> bytes = ProvisionedContent.of(contents, where);
    if (bytes.isPresent()) {
      stateContent(bytes.get(), out);
      return;
    }
    String hash = contents.path("verification").path("hash").asText();
    if (hash.matches("sha256-[0-9a-f]{64}") && contents.path("compression").asText().isEmpty()) {
      out.bytes(Attributes.SHA256, ByteString.copyFrom(HexFormat.of().parseHex(hash.substring(7))));
    } else {
      gathering.count("files whose content is not in the configuration: it is not stated");
    }
  }

  private void link(JsonNode node, String where) throws InvalidImportException {
    Optional<FactKey> key = key(node, where);
    if (key.isEmpty()) {
      return;
    }
    if (ScalarValue.flag(node.path("hard"), where)) {
      gathering.count("hard links, left out: they are what their targets are");
      return;
    }
    Attributes.Builder out =
        owned(node)
            .text(Attributes.TYPE, FileFact.LINK)
            .text(Attributes.TARGET, node.path("target").asText());
    gathering.add(key.get(), out.build(), where);
  }

  private void unit(JsonNode unit, String where) throws InvalidImportException {
    String name = unit.path("name").asText();
    if (!name.matches("[A-Za-z0-9:_.\\\\@-]{1,255}")) {
      throw new InvalidImportException(where + ": not the name of a unit: " + Escaped.text(name));
    }
    boolean masked = ScalarValue.flag(unit.path("mask"), where);
    if (masked) {
      Attributes.Builder out =
          root().text(Attributes.TYPE, FileFact.LINK).text(Attributes.TARGET, "/dev/null");
      gathering.add(FactKey.of(Facet.FILE, UNITS + name), out.build(), where);
    } else if (!unit.path("contents").asText().isEmpty()) {
      written(UNITS + name, unit.path("contents").asText(), where);
    }
    for (JsonNode dropin : unit.path("dropins")) {
      String file = dropin.path("name").asText();
      if (!dropin.path("contents").asText().isEmpty()) {
        if (file.isEmpty() || file.contains("/")) {
          throw new InvalidImportException(where + ": not the name of a drop-in");
        }
        written(UNITS + name + ".d/" + file, dropin.path("contents").asText(), where);
      }
    }
    if (!masked && ScalarValue.flag(unit.path("enabled"), where)) {
      Attributes enabled = new Attributes.Builder().text("enablement", "enabled").build();
      gathering.add(FactKey.of(Facet.UNIT, name), enabled, where);
    }
  }

  private void written(String path, String content, String where) throws InvalidImportException {
    Attributes.Builder out =
        root().text(Attributes.TYPE, FileFact.REGULAR).text(Attributes.MODE, "0644");
    stateContent(ByteString.copyFromUtf8(content), out);
    gathering.add(ImportedPath.key(ByteString.copyFromUtf8(path), where), out.build(), where);
  }

  private static void stateContent(ByteString content, Attributes.Builder out) {
    out.text(Attributes.SIZE, Integer.toString(content.size()));
    out.bytes(Attributes.SHA256, Digest.of(content).bytes());
  }

  private Optional<FactKey> key(JsonNode node, String where) throws InvalidImportException {
    String filesystem = node.path("filesystem").asText("root");
    if (!version3 && !filesystem.equals("root")) {
      gathering.count("files on other filesystems than the root, left out");
      return Optional.empty();
    }
    String path = node.path("path").asText();
    if (!path.startsWith("/")) {
      throw new InvalidImportException(where + ": a path begins with /: " + Escaped.text(path));
    }
    return Optional.of(ImportedPath.key(ByteString.copyFromUtf8(path), where));
  }

  private static Attributes.Builder root() {
    return new Attributes.Builder().text(Attributes.UID, "0").text(Attributes.GID, "0");
  }

  /** Without an owner it is root's. */
  private static Attributes.Builder owned(JsonNode node) {
    Attributes.Builder out = new Attributes.Builder();
    for (Map.Entry<String, String> e :
        Map.of("user", Attributes.UID, "group", Attributes.GID).entrySet()) {
      JsonNode owner = node.path(e.getKey());
      if (owner.path("id").isIntegralNumber()) {
        out.text(e.getValue(), Long.toString(owner.path("id").asLong() & 0xffffffffL));
      } else if (owner.path("name").asText("root").equals("root")) {
        out.text(e.getValue(), "0");
      }
    }
    return out;
  }
}
