package io.patina.imports;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import java.util.Map;
import java.util.Optional;

/** Extended attributes under the names that facts have for them, as a capture names them. */
public final class ExtendedAttributes {

  private static final Map<String, String> NAMED =
      Map.of(
          "security.capability", "capability",
          "security.selinux", "selinux",
          "system.posix_acl_access", "acl",
          "system.posix_acl_default", "acl-default");

  private static final String OTHER = "xattr:";

  private ExtendedAttributes() {}

  /** States one; those that a capture does not observe are left out. */
  public static void state(String xattr, ByteString value, Attributes.Builder out) {
    String named = NAMED.get(xattr);
    if (named != null) {
      boolean label = named.equals("selinux") && !value.isEmpty();
      // The label is a C string; whether its NUL is stored depends on who wrote it.
      boolean nul = label && value.byteAt(value.size() - 1) == 0;
      out.bytes(named, nul ? value.substring(0, value.size() - 1) : value);
    } else if (xattr.startsWith("security.") || xattr.startsWith("user.")) {
      if (xattr.length() + OTHER.length() <= Attributes.MAX_NAME) {
        out.bytes(OTHER + xattr, value);
      }
    }
  }

  /** The extended attribute that this attribute of a fact stands for, if it does. */
  public static Optional<String> of(String attribute) {
    if (attribute.startsWith(OTHER)) {
      return Optional.of(attribute.substring(OTHER.length()));
    }
    return NAMED.entrySet().stream()
        .filter(e -> e.getValue().equals(attribute))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
