package io.patina.imports.components;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.imports.BoundedInput;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.ImportedPath;
import io.patina.imports.InvalidImportException;
import io.patina.imports.JsonDocument;
import io.patina.imports.Limits;
import io.patina.scope.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that Flatcar publishes beside an image (flatcar/scripts, build_library): {@code
 * *_contents.txt} (modes, sizes, links), {@code *_licenses.json} (MD5 and package of each file),
 * {@code *_kernel_config.txt}, {@code version.txt}. Any of them may be missing.
 */
public final class FlatcarRelease {

  /** What a release does not say. */
  public static final List<String> CANNOT_KNOW =
      List.of(
          "SHA-256 of files: the release states MD5, which a scope must ask for",
          "owners by number, except root; extended attributes",
          "files of the ROOT and OEM partitions that the first boot writes",
          "packages: production images keep no package database that a host could be asked for");

  private static final Pattern SET = Pattern.compile("(CONFIG_[A-Za-z0-9_]+)=(.*)");
  private static final Pattern NOT_SET = Pattern.compile("# (CONFIG_[A-Za-z0-9_]+) is not set");
  private static final Pattern VERSION =
      Pattern.compile("FLATCAR_(VERSION|VERSION_ID)=\"?(.*?)\"?");
  private static final Pattern OWNED = Pattern.compile("(/.*) ([0-9a-f]{32})");

  private final Gathering gathering;
  private final Map<ByteString, Attributes> owned = new HashMap<>();

  private FlatcarRelease(Gathering gathering) {
    this.gathering = gathering;
  }

  /**
   * Reads what of a release is in a directory.
   *
   * @param select must be empty: a directory is one release
   * @throws InvalidImportException naming file and line, or if none of the files is there
   */
  public static Imported read(Path directory, Optional<String> select, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    if (select.isPresent() || !Files.isDirectory(directory)) {
      throw new InvalidImportException("give the directory with one release's files, no --select");
    }
    FlatcarRelease release = new FlatcarRelease(new Gathering(scope, limits));
    boolean any = false;
    for (Path file : files(directory, "*licenses.json")) {
      release.licenses(file);
    }
    for (Path file : files(directory, "*contents.txt")) {
      release.lines(file, new FlatcarContents(release.gathering, release.owned)::line);
      any = true;
    }
    for (Path file : files(directory, "*kernel_config.txt")) {
      release.lines(file, release::kernel);
      any = true;
    }
    for (Path file : files(directory, "version.txt")) {
      release.gathering.add(
          FactKey.of(Facet.OS, "ID"), Attributes.value("flatcar"), file.getFileName().toString());
      release.lines(file, release::version);
      any = true;
    }
    if (!any) {
      throw new InvalidImportException(
          "there is no *_contents.txt, *_kernel_config.txt or version.txt in it");
    }
    return release.gathering.finish(CANNOT_KNOW);
  }

  /** Takes one line. */
  interface Line {
    void take(String line, String where) throws InvalidImportException;
  }

  private void lines(Path file, Line each) throws IOException, InvalidImportException {
    long most = gathering.limits().documentBytes();
    int number = 0;
    // One character per byte: names are bytes.
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new BoundedInput(Files.newInputStream(file), most, "the file"),
                StandardCharsets.ISO_8859_1))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        each.take(line, file.getFileName() + ", line " + number);
      }
    }
  }

  private void kernel(String line, String where) throws InvalidImportException {
    Matcher set = SET.matcher(line);
    Matcher notSet = NOT_SET.matcher(line);
    if (set.matches()) {
      config(set.group(1), set.group(2), where);
    } else if (notSet.matches()) {
      config(notSet.group(1), "n", where);
    }
  }

  private void config(String name, String value, String where) throws InvalidImportException {
    gathering.add(FactKey.of(Facet.KERNEL, "config:" + name), Attributes.value(value), where);
  }

  private void version(String line, String where) throws InvalidImportException {
    Matcher m = VERSION.matcher(line);
    if (m.matches()) {
      gathering.add(FactKey.of(Facet.OS, m.group(1)), Attributes.value(m.group(2)), where);
    }
  }

  private void licenses(Path file) throws IOException, InvalidImportException {
    JsonNode root;
    try (InputStream in = Files.newInputStream(file)) {
      root =
          JsonDocument.read(
              in, gathering.limits().documentBytes(), String.valueOf(file.getFileName()));
    }
    for (JsonNode project : root) {
      String owner = project.path("project").asText();
      for (String line : project.path("files").asText().split("\n", -1)) {
        Matcher m = OWNED.matcher(line);
        if (m.matches() && line.contains("?")) {
          // Flatcar writes ? for what is not ASCII: it cannot be known which file it is.
          gathering.count("files whose names were not written out, without their MD5");
        } else if (m.matches()) {
          owned.put(
              ImportedPath.absolute(ByteString.copyFromUtf8(m.group(1)), owner),
              new Attributes.Builder()
                  .text(Attributes.PACKAGE, owner)
                  .bytes(Attributes.MD5, ByteString.copyFrom(HexFormat.of().parseHex(m.group(2))))
                  .build());
        }
      }
    }
  }

  private static List<Path> files(Path directory, String glob) throws IOException {
    List<Path> out = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
      files.forEach(out::add);
    }
    out.sort(null);
    return out;
  }
}
