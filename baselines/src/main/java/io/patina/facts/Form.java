package io.patina.facts;

import com.google.protobuf.ByteString;
import java.util.Set;
import java.util.regex.Pattern;

/** The forms that attribute values must have; each check fails with a sentence that names it. */
final class Form {

  private Form() {}

  static void facet(FactKey key, Facet facet) {
    if (!key.facet().equals(facet.wireName())) {
      throw new IllegalArgumentException(key + " is no " + facet.wireName() + " fact");
    }
  }

  static void text(Attributes attributes, String name, Pattern form) {
    ByteString value = attributes.values().get(name);
    if (value != null && !form.matcher(value.toStringUtf8()).matches()) {
      throw wrong(name, value);
    }
  }

  static void oneOf(Attributes attributes, String name, Set<String> allowed) {
    ByteString value = attributes.values().get(name);
    if (value != null && !allowed.contains(value.toStringUtf8())) {
      throw wrong(name, value);
    }
  }

  static void size(Attributes attributes, String name, int bytes) {
    ByteString value = attributes.values().get(name);
    if (value != null && value.size() != bytes) {
      throw new IllegalArgumentException(
          "attribute " + name + " has " + bytes + " bytes, not " + value.size());
    }
  }

  private static IllegalArgumentException wrong(String name, ByteString value) {
    ByteString start = value.substring(0, Math.min(80, value.size()));
    return new IllegalArgumentException("attribute " + name + " cannot be " + Escaped.bytes(start));
  }
}
