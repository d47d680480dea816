package io.patina.facts;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * Names one fact of a host.
 *
 * @param facet facet name, lower case letters, digits and dashes, 1 to 32 characters
 * @param name the key inside the facet: raw bytes, 1 to 8192; for files the absolute path
 */
public record FactKey(String facet, ByteString name) implements Comparable<FactKey> {

  /** PATH_MAX is 4096 with the terminating NUL; twice that leaves room for other facets. */
  public static final int MAX_NAME = 8192;

  private static final Comparator<ByteString> BYTES =
      ByteString.unsignedLexicographicalComparator();

  public FactKey {
    if (!isFacetName(facet)) {
      throw new IllegalArgumentException("not a facet name: " + Escaped.text(facet));
    }
    if (name.isEmpty() || name.size() > MAX_NAME) {
      throw new IllegalArgumentException(
          "a key has 1 to " + MAX_NAME + " bytes, this one " + name.size());
    }
  }

  public static FactKey of(Facet facet, ByteString name) {
    return new FactKey(facet.wireName(), name);
  }

  public static FactKey of(Facet facet, String name) {
    return new FactKey(facet.wireName(), ByteString.copyFromUtf8(name));
  }

  /** The key of the file at this absolute path (raw bytes). */
  public static FactKey file(ByteString path) {
    return of(Facet.FILE, path);
  }

  /** The order of manifests: by facet, then by the key's unsigned bytes. */
  @Override
  public int compareTo(FactKey other) {
    int byFacet = facet.compareTo(other.facet);
    return byFacet != 0 ? byFacet : BYTES.compare(name, other.name);
  }

  /** The name as text that is safe to print: invalid UTF-8 and controls escaped. */
  public String displayName() {
    return Escaped.bytes(name);
  }

  @Override
  public String toString() {
    return facet + " " + displayName();
  }

  private static boolean isFacetName(String facet) {
    if (facet.isEmpty() || facet.length() > 32) {
      return false;
    }
    for (byte b : facet.getBytes(StandardCharsets.UTF_8)) {
      boolean allowed = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
