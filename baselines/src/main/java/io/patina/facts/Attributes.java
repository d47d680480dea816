package io.patina.facts;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a fact states: attribute names to values, sorted by name. Comparison is by stated attribute:
 * a name that is not here is not compared.
 *
 * <p>Values are text in UTF-8, except those of {@link #isBinary}, which are raw bytes. A name that
 * begins with {@code ~} is an annotation (such as {@code ~package}, the owner of a shipped file):
 * carried, shown, never compared.
 */
public record Attributes(NavigableMap<String, ByteString> values) {

  public static final String ANNOTATION = "~";

  /** Annotation of a shipped file: the package that owns it. */
  public static final String PACKAGE = "~package";

  /** Annotation of a shipped file that its package declares as configuration: {@code yes}. */
  public static final String CONFFILE = "~conffile";

  /**
   * Annotation of a file that no package owns and that yet belongs to a pristine system, such as
   * {@code /etc/passwd}: why it is expected as it was found.
   */
  public static final String DECLARED = "~declared";

  /** Annotation of what an expectation asks for: the reason that its author gave. */
  public static final String EXPECTATION = "~expectation";

  public static final String TYPE = "type";
  public static final String MODE = "mode";
  public static final String UID = "uid";
  public static final String GID = "gid";
  public static final String SIZE = "size";
  public static final String SHA256 = "sha256";
  public static final String MD5 = "md5";
  public static final String TARGET = "target";
  public static final String DEVICE = "device";
  public static final String FLAGS = "flags";
  public static final String VALUE = "value";

  public static final int MAX_NAME = 255;
  public static final int MAX_VALUE = 65_536;
  public static final int MAX_COUNT = 256;

  /** Attributes whose value is a digest or another raw structure, shown in hexadecimal. */
  private static final Set<String> BINARY =
      Set.of(
          SHA256,
          MD5,
          "sha1",
          "sha512",
          "header",
          "fragment",
          "dropins",
          "capability",
          "acl",
          "acl-default",
          "verity");

  public static final Attributes NONE = new Attributes(new TreeMap<>());

  public Attributes {
    if (values.size() > MAX_COUNT) {
      throw new IllegalArgumentException("more than " + MAX_COUNT + " attributes");
    }
    for (Map.Entry<String, ByteString> e : values.entrySet()) {
      if (e.getKey().isEmpty() || e.getKey().length() > MAX_NAME) {
        throw new IllegalArgumentException("an attribute name has 1 to 255 characters");
      }
      if (e.getValue().size() > MAX_VALUE) {
        throw new IllegalArgumentException(
            "attribute " + Escaped.text(e.getKey()) + " is over " + MAX_VALUE + " bytes");
      }
    }
    values = Collections.unmodifiableNavigableMap(new TreeMap<>(values));
  }

  /** One text attribute called {@link #VALUE}, as kernel and os facts have it. */
  public static Attributes value(String text) {
    return new Builder().text(VALUE, text).build();
  }

  public Optional<ByteString> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The attribute as text, escaped where it is not; empty if not stated. */
  public Optional<String> shown(String name) {
    return get(name).map(v -> show(name, v));
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** Whether the value of this attribute is raw bytes rather than text. */
  public static boolean isBinary(String name) {
    return BINARY.contains(name);
  }

  /** Whether this attribute is carried and shown but never compared. */
  public static boolean isAnnotation(String name) {
    return name.startsWith(ANNOTATION);
  }

  /** A value as one safe line: hexadecimal for raw ones, escaped text for the others. */
  public static String show(String name, ByteString value) {
    return isBinary(name) ? HexFormat.of().formatHex(value.toByteArray()) : Escaped.bytes(value);
  }

  /** Collects attributes; a second value for a name replaces the first. */
  public static final class Builder {
    private final TreeMap<String, ByteString> values = new TreeMap<>();

    public Builder text(String name, String value) {
      return bytes(name, ByteString.copyFromUtf8(value));
    }

    public Builder bytes(String name, ByteString value) {
      values.put(name, value);
      return this;
    }

    /** Whether no further name has room. */
    public boolean isFull() {
      return values.size() >= MAX_COUNT;
    }

    public Builder all(Attributes attributes) {
      values.putAll(attributes.values());
      return this;
    }

    public Attributes build() {
      return new Attributes(values);
    }
  }
}
