package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import io.patina.collector.dpkg.DpkgPackage.Conffile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Parser of dpkg's status file and of the single stanzas under {@code status.d} and {@code
 * updates}: RFC 822 like stanzas, an empty line between them (deb822(5)).
 */
final class StatusFile {
  /** Longest name, version, architecture or origin, in characters; real ones stay below 200. */
  private static final int MAX_WORD = 1024;

  private final Map<String, StringBuilder> fields = new HashMap<>();
  private final Consumer<DpkgPackage> packages;
  private final Consumer<String> malformed;
  private String current = "";

  private StatusFile(Consumer<DpkgPackage> packages, Consumer<String> malformed) {
    this.packages = packages;
    this.malformed = malformed;
  }

  /**
   * Parses a file.
   *
   * @param malformed told of each stanza or line that is not understood, in a sentence
   */
  static void parse(ByteString bytes, Consumer<DpkgPackage> packages, Consumer<String> malformed) {
    StatusFile parser = new StatusFile(packages, malformed);
    TextLines.each(bytes, parser::line);
    parser.end();
  }

  private void line(ByteString bytes) {
    if (bytes.isEmpty()) {
      end();
      return;
    }
    byte first = bytes.byteAt(0);
    if (first == ' ' || first == '\t') {
      StringBuilder value = fields.get(current);
      if (value != null) {
        value.append('\n').append(TextLines.text(bytes));
      }
      return;
    }
    if (first == '#') {
      return;
    }
    String text = TextLines.text(bytes);
    int colon = text.indexOf(':');
    if (colon <= 0) {
      malformed.accept("a line of the status file is no field");
      return;
    }
    current = text.substring(0, colon).toLowerCase(Locale.ROOT);
    switch (current) {
      case "package", "status", "architecture", "version", "multi-arch", "origin", "conffiles" ->
          fields.put(current, new StringBuilder(text.substring(colon + 1).strip()));
      default -> {}
    }
  }

  private void end() {
    if (fields.isEmpty()) {
      return;
    }
    String name = field("package");
    String[] status = field("status").split("\\s+", -1);
    if (name.isEmpty() || !name.matches("[A-Za-z0-9][A-Za-z0-9+.-]*")) {
      malformed.accept("a stanza of the status file names no package");
    } else if (Math.max(name.length(), field("version").length()) > MAX_WORD
        || Math.max(field("architecture").length(), field("origin").length()) > MAX_WORD) {
      malformed.accept(
          "a stanza of the status file has a name, version or origin that is too long");
    } else if (fields.containsKey("status") && status.length != 3) {
      malformed.accept("the stanza of package " + name + " has a status that is not three words");
    } else {
      String origin = field("origin");
      packages.accept(
          new DpkgPackage(
              name,
              field("architecture"),
              field("version"),
              fields.containsKey("status") ? status[2] : "installed",
              field("multi-arch").equals("same"),
              origin.isEmpty() ? Optional.empty() : Optional.of(origin),
              conffiles(field("conffiles"))));
    }
    fields.clear();
    current = "";
  }

  private String field(String name) {
    StringBuilder value = fields.get(name);
    return value == null ? "" : value.toString();
  }

  /** Each line is {@code path md5 [obsolete] [remove-on-upgrade]}; the path may hold spaces. */
  private List<Conffile> conffiles(String value) {
    List<Conffile> files = new ArrayList<>();
    for (String line : value.split("\n", -1)) {
      String rest = line.strip();
      if (rest.isEmpty()) {
        continue;
      }
      boolean obsolete = false;
      while (rest.endsWith(" obsolete") || rest.endsWith(" remove-on-upgrade")) {
        obsolete = true;
        rest = rest.substring(0, rest.lastIndexOf(' ')).strip();
      }
      int space = rest.lastIndexOf(' ');
      if (space <= 0 || rest.charAt(0) != '/') {
        malformed.accept("a conffile line is not a path and a digest");
        continue;
      }
      files.add(
          new Conffile(
              TextLines.bytes(rest.substring(0, space).strip()),
              md5(rest.substring(space + 1)),
              obsolete));
    }
    return files;
  }

  /** Sixteen bytes; empty for anything else, such as the word {@code newconffile}. */
  static Optional<ByteString> md5(String hex) {
    if (hex.length() != 32 || !hex.chars().allMatch(HexFormat::isHexDigit)) {
      return Optional.empty();
    }
    return Optional.of(ByteString.copyFrom(HexFormat.of().parseHex(hex)));
  }
}
