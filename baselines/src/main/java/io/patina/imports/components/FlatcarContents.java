package io.patina.imports.components;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.FileFact;
import io.patina.imports.Gathering;
import io.patina.imports.ImportedPath;
import io.patina.imports.InvalidImportException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of Flatcar's {@code contents.txt}, as find(1) prints them: {@code %M %2n %-7u %-7g %7s DATE
 * TIME ./%P -> %l}.
 */
final class FlatcarContents {

  private static final Pattern LINE =
      Pattern.compile(
          "([-dlcbps])([-rwxsStT]{9}) +\\d+ +(\\S+) +(\\S+) +(\\d+) \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d \\.(/.*)");

  private final Gathering gathering;
  private final Map<ByteString, Attributes> owned;

  /**
   * @param owned what is known besides of a path
   */
  FlatcarContents(Gathering gathering, Map<ByteString, Attributes> owned) {
    this.gathering = gathering;
    this.owned = owned;
  }

  void line(String line, String where) throws InvalidImportException {
    Matcher m = LINE.matcher(line);
    if (!m.matches()) {
      throw new InvalidImportException(
          where
              + ": not a line of contents.txt: "
              + Escaped.text(line.substring(0, Math.min(120, line.length()))));
    }
    String type = type(m.group(1).charAt(0));
    Attributes.Builder out =
        new Attributes.Builder()
            .text(Attributes.TYPE, type)
            .text(Attributes.MODE, Integer.toString(0x1000 | mode(m.group(2)), 8).substring(1));
    root(m.group(3), Attributes.UID, out);
    root(m.group(4), Attributes.GID, out);
    String path = m.group(6);
    if (type.equals(FileFact.LINK)) {
      int arrow = path.indexOf(" -> ");
      if (arrow < 0) {
        throw new InvalidImportException(where + ": a link without its target");
      }
      out.bytes(Attributes.TARGET, raw(path.substring(arrow + 4)));
      path = path.substring(0, arrow);
    } else if (type.equals(FileFact.REGULAR)) {
      out.text(Attributes.SIZE, m.group(5));
    }
    ByteString key = ImportedPath.absolute(raw(path), where);
    Attributes known = owned.get(key);
    if (known != null && type.equals(FileFact.REGULAR)) {
      out.all(known);
    }
    gathering.add(io.patina.facts.FactKey.file(key), out.build(), where);
  }

  /** Of other owners only the name is there. */
  private static void root(String name, String attribute, Attributes.Builder out) {
    if (name.equals("root")) {
      out.text(attribute, "0");
    } else if (name.matches("[0-9]{1,10}")) {
      out.text(attribute, name);
    }
  }

  private static int mode(String letters) {
    int mode = 0;
    for (int i = 0; i < 9; i++) {
      char c = letters.charAt(i);
      boolean special = "sStT".indexOf(c) >= 0;
      if (c != '-' && c != 'S' && c != 'T') {
        mode |= 1 << (8 - i);
      }
      if (special) {
        mode |= i == 2 ? 04000 : i == 5 ? 02000 : 01000;
      }
    }
    return mode;
  }

  private static String type(char c) {
    return switch (c) {
      case 'd' -> FileFact.DIRECTORY;
      case 'l' -> FileFact.LINK;
      case 'c' -> "char";
      case 'b' -> "block";
      case 'p' -> "fifo";
      case 's' -> "socket";
      default -> FileFact.REGULAR;
    };
  }

  private static ByteString raw(String oneCharacterPerByte) {
    return ByteString.copyFrom(oneCharacterPerByte, StandardCharsets.ISO_8859_1);
  }
}
