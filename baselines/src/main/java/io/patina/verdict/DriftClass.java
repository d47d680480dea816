package io.patina.verdict;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.facts.Attributes;
import io.patina.facts.Facet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of difference that policies weigh apart. */
public enum DriftClass {
  PACKAGED_FILE_CHANGED("packaged file changed", "packaged files changed"),
  PACKAGED_FILE_MISSING("packaged file missing", "packaged files missing"),
  DOCUMENTATION("documentation file changed or missing", "documentation files changed or missing"),
  CONFIGURATION("configuration file edited", "configuration files edited"),
  UNPACKAGED_FILE("file that no package owns", "files that no package owns"),
  FILE("file not as in the baseline", "files not as in the baseline"),
  PACKAGE("package not as in the baseline", "packages not as in the baseline"),
  KERNEL("kernel setting changed", "kernel settings changed"),
  UNIT("unit not as in the baseline", "units not as in the baseline"),
  MOUNT("mount changed", "mounts changed"),
  OS("operating system field changed", "operating system fields changed"),
  OTHER("other difference", "other differences");

  private static final ByteString YES = ByteString.copyFromUtf8("yes");

  private static final List<ByteString> DOCUMENTATION_TREES =
      Stream.of(
              "/usr/share/doc/",
              "/usr/share/man/",
              "/usr/share/locale/",
              "/usr/share/info/",
              "/usr/share/lintian/",
              "/usr/share/help/",
              "/usr/share/gtk-doc/")
          .map(ByteString::copyFromUtf8)
          .toList();

  private final String one;
  private final String many;

  DriftClass(String one, String many) {
    this.one = one;
    this.many = many;
  }

  /** The class as words for this many of it, such as {@code 3 configuration files edited}. */
  public String counted(long count) {
    return count == 1 ? "1 " + one : String.format(Locale.ROOT, "%,d %s", count, many);
  }

  /** The word on the wire and in metrics: lower case with dashes. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The class of a difference. */
  public static DriftClass of(Difference difference) {
    Optional<Facet> facet = Facet.named(difference.key().facet());
    if (facet.isEmpty()) {
      return OTHER;
    }
    return switch (facet.get()) {
      case FILE -> file(difference);
      case PACKAGE -> PACKAGE;
      case KERNEL -> KERNEL;
      case UNIT -> UNIT;
      case MOUNT -> MOUNT;
      case OS -> OS;
    };
  }

  private static DriftClass file(Difference difference) {
    if (difference.kind() == Difference.Kind.UNEXPECTED) {
      return UNPACKAGED_FILE;
    }
    Attributes expected = difference.expected();
    // What an installer or an administrator's tool wrote (accounts, names, keys) is configuration
    // too: adding a user is no reason to reimage.
    if (expected.get(Attributes.CONFFILE).filter(YES::equals).isPresent()
        || expected.get(Attributes.DECLARED).isPresent()) {
      return CONFIGURATION;
    }
    for (ByteString tree : DOCUMENTATION_TREES) {
      if (difference.key().name().startsWith(tree)) {
        return DOCUMENTATION;
      }
    }
    if (difference.owner().isEmpty()) {
      return FILE;
    }
    return difference.kind() == Difference.Kind.MISSING
        ? PACKAGED_FILE_MISSING
        : PACKAGED_FILE_CHANGED;
  }
}
