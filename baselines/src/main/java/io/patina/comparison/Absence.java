package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import java.util.Set;

/** When an attribute that is not stated was observed to be absent, rather than not observed. */
final class Absence {

  /** Observed for regular files only. */
  private static final Set<String> OF_REGULAR_FILES =
      Set.of(Attributes.SIZE, Attributes.SHA256, Attributes.MD5);

  private Absence() {}

  /**
   * A regular file's size or digest, or a link's target, cannot be stated once the file is of
   * another type: the observed type says so.
   */
  static boolean means(String name, Attributes expected, Attributes actual) {
    boolean otherType =
        actual.get(Attributes.TYPE).isPresent()
            && !actual.get(Attributes.TYPE).equals(expected.get(Attributes.TYPE))
            && expected.get(Attributes.TYPE).isPresent();
    return otherType && (OF_REGULAR_FILES.contains(name) || name.equals(Attributes.TARGET));
  }

  /** Whether a file of this type has no such attribute. */
  static boolean means(String name, ByteString type) {
    return (OF_REGULAR_FILES.contains(name) && !type.toStringUtf8().equals("file"))
        || (name.equals(Attributes.TARGET) && !type.toStringUtf8().equals("link"));
  }
}
