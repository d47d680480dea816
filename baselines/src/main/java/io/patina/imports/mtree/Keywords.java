package io.patina.imports.mtree;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Escaped;
import io.patina.facts.FileFact;
import io.patina.imports.ExtendedAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keywords of one entry as what they state of the file.
 *
 * @param dropped names of keywords that are known and say nothing that is compared
 * @param unknown names of keywords that no dialect known here has; kept as annotations
 * @param optional whether the file may be missing
 * @param ignored whether what is below it is not stated
 */
record Keywords(
    Attributes attributes,
    List<String> dropped,
    List<String> unknown,
    boolean optional,
    boolean ignored) {

  /** Prefix of the annotations that hold unknown keywords. */
  static final String ANNOTATION = Attributes.ANNOTATION + "mtree:";

  /** Times, names and numbers that differ between hosts that are alike, and other checksums. */
  private static final Set<String> NOT_COMPARED =
      Set.of(
          "cksum",
          "contents",
          "gname",
          "inode",
          "nlink",
          "resdevice",
          "ripemd160digest",
          "rmd160",
          "rmd160digest",
          "sha384",
          "sha384digest",
          "sha512256",
          "sha512256digest",
          "tags",
          "tar_time",
          "time",
          "uname");

  /** Said of the entry and not of the file. */
  private static final Set<String> OF_THE_ENTRY = Set.of("type", "nochange", "optional", "ignore");

  private static final Set<String> OF_REGULAR_FILES =
      Set.of(Attributes.SIZE, Attributes.SHA256, Attributes.MD5, "sha1", "sha512");

  private static final Set<String> IMMUTABLE =
      Set.of("schg", "schange", "simmutable", "uchg", "uchange", "uimmutable");
  private static final Set<String> APPEND = Set.of("sappnd", "sappend", "uappnd", "uappend");

  static Keywords of(Map<String, ByteString> keywords) {
    Attributes.Builder out = new Attributes.Builder();
    List<String> dropped = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    List<String> entry = new ArrayList<>();
    String type = type(keywords.getOrDefault("type", ByteString.EMPTY).toStringUtf8());
    if (!type.isEmpty()) {
      out.text(Attributes.TYPE, type);
    }
    boolean content = type.isEmpty() || type.equals(FileFact.REGULAR);
    boolean onlyType = keywords.containsKey("nochange");
    for (Map.Entry<String, ByteString> k : keywords.entrySet()) {
      String name = k.getKey();
      String attribute = attribute(name);
      if (OF_THE_ENTRY.contains(name)) {
        entry.add(name);
      } else if (NOT_COMPARED.contains(name) || onlyType) {
        dropped.add(name);
      } else if (OF_REGULAR_FILES.contains(attribute)) {
        if (content) {
          content(attribute, k.getValue(), out);
        }
      } else if (!attribute.isEmpty()) {
        plain(attribute, k.getValue(), type, out);
      } else if (name.startsWith("xattr.") || name.startsWith("xattrs.")) {
        String xattr = name.substring(name.indexOf('.') + 1);
        ExtendedAttributes.state(
            Vis.decode(ByteString.copyFromUtf8(xattr)).toStringUtf8(), base64(k.getValue()), out);
      } else {
        String annotation = ANNOTATION + name;
        unknown.add(annotation.length() > 64 ? Escaped.text(name).substring(0, 40) : name);
        if (annotation.length() <= Attributes.MAX_NAME) {
          out.bytes(annotation, k.getValue());
        }
      }
    }
    return new Keywords(
        out.build(), dropped, unknown, entry.contains("optional"), entry.contains("ignore"));
  }

  /** The attribute that a keyword states; empty for those that state none. */
  private static String attribute(String keyword) {
    return switch (keyword) {
      case "mode", "uid", "gid", "size", "flags", "device" -> keyword;
      case "link" -> Attributes.TARGET;
      case "md5", "md5digest" -> Attributes.MD5;
      case "sha1", "sha1digest" -> "sha1";
      case "sha256", "sha256digest" -> Attributes.SHA256;
      case "sha512", "sha512digest" -> "sha512";
      default -> "";
    };
  }

  private static void content(String attribute, ByteString value, Attributes.Builder out) {
    if (attribute.equals(Attributes.SIZE)) {
      out.bytes(attribute, value);
    } else {
      try {
        byte[] digest = HexFormat.of().parseHex(value.toStringUtf8());
        out.bytes(attribute, ByteString.copyFrom(digest));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(attribute + " is not hexadecimal: " + shown(value), e);
      }
    }
  }

  private static void plain(
      String attribute, ByteString value, String type, Attributes.Builder out) {
    switch (attribute) {
      case Attributes.MODE -> out.text(attribute, Modes.octal(value.toStringUtf8()));
      case Attributes.TARGET -> {
        if (type.isEmpty() || type.equals(FileFact.LINK)) {
          out.bytes(attribute, Vis.decode(value));
        }
      }
      case Attributes.FLAGS -> flags(value.toStringUtf8(), type, out);
      case Attributes.DEVICE -> {
        if (type.equals("char") || type.equals("block")) {
          out.text(attribute, device(value.toStringUtf8()));
        }
      }
      default -> out.bytes(attribute, value);
    }
  }

  /** Only a regular file states that it has none: not every file system tells those of others. */
  private static void flags(String value, String type, Attributes.Builder out) {
    List<String> flags = Arrays.asList(value.split(",", -1));
    String immutable = flags.stream().anyMatch(IMMUTABLE::contains) ? "immutable" : "";
    String append = flags.stream().anyMatch(APPEND::contains) ? "append" : "";
    String comma = immutable.isEmpty() || append.isEmpty() ? "" : ",";
    String stated = immutable + comma + append;
    if (!stated.isEmpty() || type.equals(FileFact.REGULAR)) {
      out.text(Attributes.FLAGS, stated);
    }
  }

  /**
   * Major and minor number, from {@code FORMAT,MAJOR,MINOR} or from the one number in which Linux
   * packs both (glibc's gnu_dev_makedev).
   */
  private static String device(String value) {
    String[] parts = value.split(",", -1);
    try {
      if (parts.length == 3) {
        return Long.decode(parts[1]) + ":" + Long.decode(parts[2]);
      }
      if (parts.length == 1) {
        long packed = Long.decode(value);
        long major = ((packed >>> 8) & 0xfff) | ((packed >>> 32) & ~0xfffL);
        long minor = (packed & 0xff) | ((packed >>> 12) & 0xffffff00L);
        return major + ":" + minor;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("device: " + Escaped.text(value) + " is no number", e);
    }
    throw new IllegalArgumentException(
        "device is FORMAT,MAJOR,MINOR or a number, not " + Escaped.text(value));
  }

  private static String type(String word) {
    return switch (word) {
      case "" -> "";
      case "file", "link", "fifo", "socket", "char", "block" -> word;
      case "dir" -> FileFact.DIRECTORY;
      default -> throw new IllegalArgumentException("unknown type " + Escaped.text(word));
    };
  }

  private static ByteString base64(ByteString value) {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(value.toByteArray()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("an xattr that is not base64: " + shown(value), e);
    }
  }

  private static String shown(ByteString value) {
    return Escaped.bytes(value.substring(0, Math.min(80, value.size())));
  }
}
